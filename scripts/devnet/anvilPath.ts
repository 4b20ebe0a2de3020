import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DevnetError } from "./DevnetError.ts";

/** anvil's binary itself: npm's wrapper script would stay between it and our signals. */
export function anvilPath(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), "bin", "anvil");
  } catch (cause) {
    throw new DevnetError({
      code: "NO_ANVIL",
      message: "the chain (anvil) is not installed for this machine",
      value: name,
      next: `npm install --no-save ${name}@1.7.1`,
      cause,
    });
  }
}
