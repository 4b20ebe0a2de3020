import assert from "node:assert/strict";
import { Worker3Error } from "../errors/Worker3Error.ts";

/** Asserts that `run` throws a `Worker3Error` with this code, and gives it back. */
export function throwsCode(run: () => unknown, code: string): Worker3Error {
  try {
    run();
  } catch (error) {
    return hasCode(error, code);
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}

/** Asserts that a promise rejects with a `Worker3Error` of this code, and gives it back. */
export async function rejectsCode(run: Promise<unknown>, code: string): Promise<Worker3Error> {
  try {
    await run;
  } catch (error) {
    return hasCode(error, code);
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}

function hasCode(error: unknown, code: string): Worker3Error {
  if (!(error instanceof Worker3Error)) throw error;
  assert.equal(error.code, code, error.message);
  return error;
}
