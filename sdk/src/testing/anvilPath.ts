import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The binary itself: npm's wrapper script would stay between it and our signals. */
export function anvilPath(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const manifest = createRequire(import.meta.url).resolve(
    `@foundry-rs/anvil-${process.platform}-${arch}/package.json`,
  );
  return join(dirname(manifest), "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
}
