import assert from "node:assert/strict";
import { CellError, type CellErrorCode } from "../CellError.ts";

/** Asserts that a promise rejects with a `CellError` of this code, and gives it back. */
export async function rejectsCode(run: Promise<unknown>, code: CellErrorCode): Promise<CellError> {
  try {
    await run;
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}
