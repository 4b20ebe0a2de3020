import assert from "node:assert/strict";
import { testAccount } from "@worker3/sdk/testing";
import { mnemonicToAccount } from "viem/accounts";
import { devnetAccounts } from "./accounts.ts";

describe("the accounts of a devnet", () => {
  const accounts = devnetAccounts(2);

  it("are those that anvil funds, of which everybody knows the keys", () => {
    assert.equal(accounts.deployer.address, testAccount(1).address);
    assert.equal(accounts.documents.arbiter?.address, testAccount(7).address);
    const words = "test test test test test test test test test test test junk";
    assert.equal(accounts.nodes[0]?.operator.address, mnemonicToAccount(words, { addressIndex: 20 }).address);
  });

  it("are shown by name, each once, also for as many nodes as there may be", () => {
    const names = ["deployer", "stranger", "operator1", "nodeOwner1", "operator2", "nodeOwner2", "arbiter"];
    assert.deepEqual(Object.keys(accounts.documents), names);
    const all = Object.values(devnetAccounts(64).documents).map(({ address }) => address);
    assert.equal(new Set(all).size, 3 + 2 * 64);
  });
});
