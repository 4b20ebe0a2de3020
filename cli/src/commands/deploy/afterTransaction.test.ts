import assert from "node:assert/strict";
import { TransactionError } from "@worker3/sdk";
import { rejectsCode } from "@worker3/sdk/testing";
import { CliError } from "../../errors.ts";
import { afterTransaction, resumable } from "./afterTransaction.ts";

const [FIRST, SECOND] = ["0x01", "0x02"] as const;
const GO_ON = "worker3 credit deposit 7 5";

describe("what fails after a transaction", () => {
  const failing = (error: unknown) => afterTransaction(FIRST, GO_ON, () => Promise.reject(error));

  it("says which transaction is done, and how to go on", async () => {
    const cause = new CliError({ code: "UPLOAD_FAILED", message: "No.", value: "x", next: "begin anew" });
    const error = await rejectsCode(failing(cause), "UPLOAD_FAILED");
    assert.deepEqual([error.message, error.value, error.next, error.txHash], ["No.", "x", GO_ON, FIRST]);
    const stopped = new DOMException("stopped by SIGINT", "AbortError");
    const aborted = await rejectsCode(failing(stopped), "ABORTED");
    assert.deepEqual([aborted.next, aborted.txHash], [GO_ON, FIRST]);
  });

  it("has one that may still be mined looked up before anything is done again", async () => {
    for (const code of ["TX_UNSURE", "TX_TIMEOUT", "ABORTED"] as const) {
      const open = { code, message: "It may be.", next: "look 0x02 up before", txHash: SECOND };
      const error = await rejectsCode(failing(new TransactionError(open)), code);
      assert.equal(error.txHash, SECOND);
      assert.match(error.next ?? "", /^look 0x02 up before; .*worker3 credit deposit 7 5$/);
    }
  });

  it("that is refused goes on as told", async () => {
    const refused = new TransactionError({ code: "NO_GAS", message: "None.", next: "send some" });
    const error = await rejectsCode(failing(refused), "NO_GAS");
    assert.deepEqual([error.next, error.txHash], [GO_ON, FIRST]);
  });

  it("and is a deployment's own transaction, which may still be mined, goes on by the same command", async () => {
    for (const code of ["TX_UNSURE", "TX_TIMEOUT", "ABORTED"] as const) {
      const open = new TransactionError({ code, message: "It may be.", next: "look it up", txHash: SECOND });
      const error = await rejectsCode(
        resumable(() => Promise.reject(open)),
        code,
      );
      assert.match(error.next ?? "", /run the same command again/);
      assert.equal(error.txHash, SECOND);
    }
    for (const other of [
      new TransactionError({ code: "TX_UNSURE", message: "By a wallet.", next: "look into the wallet" }),
      new TransactionError({ code: "TX_REPLACED", message: "Cancelled.", next: "run it", txHash: SECOND }),
    ]) {
      await assert.rejects(
        resumable(() => Promise.reject(other)),
        other,
      );
    }
  });
});
