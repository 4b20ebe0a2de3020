/** `npm run build:verification [-- --network NAME|FILE]`: writes what explorers need to verify the contracts. */
import { join } from "node:path";
import { runVerification } from "./runVerification.ts";

process.exitCode = await runVerification(process.argv.slice(2), {
  root: join(import.meta.dirname, "../.."),
  directory: process.cwd(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
