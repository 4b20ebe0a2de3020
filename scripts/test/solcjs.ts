/** npm's solc as the command that forge wants: `--version`, and `--standard-json` from stdin. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface Solc {
  version(): string;
  compile(input: string): string;
}

const solc: Solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
}
