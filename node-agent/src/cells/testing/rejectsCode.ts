import assert from "node:assert/strict";
import { Worker3Error } from "@worker3/sdk";

/** Asserts that a promise rejects with a `Worker3Error` of this code, and gives it back. */
export async function rejectsCode(run: Promise<unknown>, code: string): Promise<Worker3Error> {
  try {
    await run;
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}
