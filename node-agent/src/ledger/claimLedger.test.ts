import assert from "node:assert/strict";
import { claimLedger } from "./claimLedger.ts";
import { openLedger } from "./openLedger.ts";

describe("a ledger", () => {
  const owner = { chainId: 1, settlement: "0xAbCd", nodeId: 4, genesis: 100, epochSeconds: 20 };

  it("is that of the node which began it, however its contract is spelled", () => {
    const ledger = openLedger(":memory:");
    assert.equal(claimLedger(ledger, owner), true);
    assert.equal(claimLedger(ledger, { ...owner, settlement: "0xabcd" }), false);
    ledger.close();
  });

  for (const [name, value] of Object.entries({
    chainId: 2,
    settlement: "0xff",
    nodeId: 77,
    genesis: 101,
    epochSeconds: 5,
  }))
    it(`is not opened with another ${name}`, () => {
      const ledger = openLedger(":memory:");
      claimLedger(ledger, owner);
      assert.throws(() => claimLedger(ledger, { ...owner, [name]: value }), {
        code: "LEDGER_OF_ANOTHER",
        message: new RegExp(`${name} .*${value}`),
      });
      ledger.close();
    });
});
