import assert from "node:assert/strict";
import { amountCodes } from "@worker3/sdk";
import { failureText } from "./failureText.ts";
import { shownFailure } from "./shownFailure.ts";

describe("the value of a failure", () => {
  it("is an amount in USD for a person where it is one of the asset's, and what it was else", () => {
    const table: [code: string, value: string, shown: string][] = [
      ["NO_CREDIT", "99000", "0.099 USD"],
      ["WITHDRAW_OUT_OF_RANGE", "5000000", "5 USD"],
      ["INSUFFICIENT_BALANCE", "0", "0 USD"],
      ["INSUFFICIENT_ALLOWANCE", "1", "0.000001 USD"],
      ["STAKE_TOO_SMALL", "12500000", "12.5 USD"],
      ["CAP_OUT_OF_BOUNDS", "1000000", "1 USD"],
      ["NO_GAS", "1500000000000000000", "1.5 of the chain's own coin"],
      ["NO_CREDIT", "shop.worker3.dev", "shop.worker3.dev"],
      ["NOTHING_DEPOSITED", "7", "7"],
      ["VERSION_UNKNOWN", "99000", "99000"],
    ];
    for (const [code, value, shown] of table) {
      const text = failureText(shownFailure({ code, message: "No.", value }));
      assert.equal(text, `No. [${code}]\n  value: ${shown}`);
    }
  });

  it("is an amount where a contract's error tells it as one", () => {
    const codes = [
      "BOND_ABOVE_MOST",
      "BOND_TOO_SMALL",
      "CAP_OUT_OF_BOUNDS",
      "CAP_WOULD_SHRINK",
      "CREDIT_OVERFLOW",
      "DEFAULT_CAP_OUT_OF_BOUNDS",
      "INSUFFICIENT_ALLOWANCE",
      "INSUFFICIENT_BALANCE",
      "MAX_CAP_OUT_OF_BOUNDS",
      "NODE_PARAMETERS_OUT_OF_BOUNDS",
      "NO_CREDIT",
      "STAKE_TOO_SMALL",
      "TOO_LITTLE_AVAILABLE",
      "UNSTAKE_OUT_OF_RANGE",
      "WITHDRAW_OUT_OF_RANGE",
    ];
    assert.deepEqual([...amountCodes()].sort(), codes);
  });
});
