import { createRequire } from "node:module";
import { join } from "node:path";
import { type KernelRun, runInKernel } from "./runInKernel.ts";

const ROOT = join(import.meta.dirname, "../../../../..");
const MOCHA = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
/** Of an emulated processor against a real one, with room for a machine that does much else. */
const SLOWNESS = 20;

/** How a Node of the guest is started: with the sources, and with what cells use of the sdk alone. */
export const GUEST_NODE_OPTIONS = [
  "--conditions=source",
  "--no-warnings",
  `--import=${join(import.meta.dirname, "fewerModules.ts")}`,
].join(" ");

/** Runs test files by mocha in the guest. */
export function runTestsInKernel(
  files: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<KernelRun> {
  return runInKernel([process.execPath, MOCHA, "--no-color", ...files], {
    cwd: ROOT,
    env: {
      TEST_SLOWNESS: String(SLOWNESS),
      // What the tests start gets them too.
      NODE_OPTIONS: GUEST_NODE_OPTIONS,
    },
    timeoutMs,
  });
}
