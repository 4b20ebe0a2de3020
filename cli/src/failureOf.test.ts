import assert from "node:assert/strict";
import { RpcError, TransactionError } from "@worker3/sdk";
import { createTransactionLog } from "./context/transactionLog.ts";
import { failureOf } from "./failureOf.ts";
import { failureText } from "./failureText.ts";

const [FIRST, SECOND, THIRD] = ["0x01", "0x02", "0x03"] as const;
const away = new RpcError({ code: "RPC_UNREACHABLE", message: "Away." });

describe("the transactions of a command that fails", () => {
  it("are all named, with what became of each", () => {
    const log = createTransactionLog();
    log.note({ txHash: FIRST, what: "approve", status: "sent" });
    log.note({ txHash: SECOND, what: "deposit", status: "sent" });
    log.note({ txHash: THIRD, what: "deposit", status: "sent" });
    log.note({ txHash: FIRST, what: "approve", status: "mined" });
    log.note({ txHash: THIRD, what: "deposit", status: "reverted" });
    const { document } = failureOf(away, log.all());
    assert.deepEqual(document.transactions, [
      { txHash: FIRST, what: "approve", status: "mined" },
      { txHash: SECOND, what: "deposit", status: "sent" },
      { txHash: THIRD, what: "deposit", status: "reverted" },
    ]);
    assert.equal(document.txHash, FIRST, "the last that is done");
    assert.deepEqual(failureText(document).split("\n").slice(1), [
      "  done before: 0x01 (approve)",
      "  sent, not seen in a block: 0x02 (deposit)",
      "  mined, and failed: 0x03 (deposit)",
    ]);
  });

  it("stand once where the error names one itself, and under the hash that they were mined with", () => {
    const log = createTransactionLog();
    log.note({ txHash: FIRST, what: "approve", status: "sent" });
    const open = new TransactionError({ code: "TX_UNSURE", message: "Perhaps.", txHash: FIRST });
    assert.deepEqual(failureOf(open, log.all()).document, {
      code: "TX_UNSURE",
      message: "Perhaps.",
      txHash: FIRST,
    });
    log.rename(FIRST, SECOND);
    log.note({ txHash: SECOND, what: "approve", status: "mined" });
    assert.deepEqual(failureOf(away, log.all()).document.transactions, [
      { txHash: SECOND, what: "approve", status: "mined" },
    ]);
  });
});
