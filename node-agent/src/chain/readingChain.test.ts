import assert from "node:assert/strict";
import { readingChain } from "./readingChain.ts";

describe("a node that does not know a project", () => {
  const at = (number: bigint) => ({ number, hash: "0x", timestamp: 0 });

  it("still reads the chain while it starts, and says how far it is", () => {
    const start = { head: undefined, target: undefined, wasSynced: false };
    assert.equal(readingChain(start)?.message, "This node is still reading the chain.");
    assert.equal(
      readingChain({ head: at(5n), target: 900n, wasSynced: false })?.message,
      "This node is still reading the chain, block 5 of 900.",
    );
  });

  it("knows that there is none once it was synced, also while a few blocks are missing or the chain is away", () => {
    assert.equal(readingChain({ head: at(900n), target: 900n, wasSynced: true }), undefined);
    assert.equal(readingChain({ head: at(900n), target: 1_000n, wasSynced: true }), undefined);
  });

  it("reads again after it was away for long", () => {
    assert.equal(readingChain({ head: at(900n), target: 5_000n, wasSynced: true })?.code, "SYNCING");
  });
});
