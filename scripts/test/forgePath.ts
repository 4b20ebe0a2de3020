import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** forge's binary. Throws with what to install where it is not there. */
export function forgePath(): string {
  const name = `@foundry-rs/forge-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
      "bin",
      process.platform === "win32" ? "forge.exe" : "forge",
    );
  } catch (cause) {
    throw new Error(`forge is not installed for this machine: npm install --no-save ${name}@1.7.1`, {
      cause,
    });
  }
}
