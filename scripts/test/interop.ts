/** `npm run test:interop`: sdk, agent and contracts with real programs of others, which are installed first. Nothing is skipped. */
import { join } from "node:path";
import { INTEROP_STEPS } from "./interopSteps.ts";
import { runSteps } from "./runSteps.ts";

const run = {
  command: "npm run test:interop",
  steps: INTEROP_STEPS,
  lanes: 2,
  root: join(import.meta.dirname, "../.."),
};
process.exit(await runSteps(run, process.argv.slice(2)));
