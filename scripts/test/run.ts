/** `npm test`: everything that needs no network and no program of others. */
import { join } from "node:path";
import { runSteps } from "./runSteps.ts";
import { STEPS } from "./steps.ts";

const run = { command: "npm test", steps: STEPS, lanes: 2, root: join(import.meta.dirname, "../..") };
process.exit(await runSteps(run, process.argv.slice(2)));
