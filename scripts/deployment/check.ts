/** `npm run check:deployment -- --network NAME|FILE [--json]`: is what is on the chain what was built and declared? */
import { join } from "node:path";
import { runCheck } from "./runCheck.ts";

process.exitCode = await runCheck(process.argv.slice(2), {
  root: join(import.meta.dirname, "../.."),
  directory: process.cwd(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
