#!/usr/bin/env node
/** The compiler of the lock, with what forge asks of a compiler's command line: `--version` and `--standard-json`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc") as { version(): string; compile(input: string): string };

const STANDARD_INPUT = 0;

if (process.argv.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(STANDARD_INPUT, "utf8")));
} else {
  console.error(`solc.ts knows --version and --standard-json, not ${process.argv.slice(2).join(" ")}.`);
  process.exitCode = 2;
}
