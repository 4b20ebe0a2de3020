import { createRequire } from "node:module";
import { join } from "node:path";
import { type KernelRun, runInKernel } from "./runInKernel.ts";

const ROOT = join(import.meta.dirname, "../../../../..");
const MOCHA = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
/** Of an emulated processor against a real one, with room for a machine that does much else. */
const SLOWNESS = 20;

/** Runs test files by mocha in the guest. */
export function runTestsInKernel(
  files: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<KernelRun> {
  const fewerModules = `--import=${join(import.meta.dirname, "fewerModules.ts")}`;
  return runInKernel([process.execPath, MOCHA, "--no-color", ...files], {
    cwd: ROOT,
    env: {
      TEST_SLOWNESS: String(SLOWNESS),
      // What the tests start gets them too.
      NODE_OPTIONS: `--conditions=source --no-warnings ${fewerModules}`,
    },
    timeoutMs,
  });
}
