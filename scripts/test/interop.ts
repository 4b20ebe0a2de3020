/** `npm run test:interop`: sdk, agent and contracts with real programs of others, which are installed first. Nothing is skipped. */
import { join } from "node:path";
import { INTEROP_STEPS } from "./interopSteps.ts";
import { runSteps } from "./runSteps.ts";

const run = {
  command: "npm run test:interop",
  steps: INTEROP_STEPS,
  // One after the other: many of these tests are about what a whole machine gives.
  lanes: 1,
  root: join(import.meta.dirname, "../.."),
};
process.exit(await runSteps(run, process.argv.slice(2)));
