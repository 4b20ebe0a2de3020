import assert from "node:assert/strict";
import { contractTable, deployedContracts, ownContracts } from "@worker3/sdk";
import { worker3Module } from "../../ignition/modules/Worker3.ts";
import { RESTRICTED } from "../../ignition/roles.ts";
import { CONTRACTS } from "../bench/support/contractSizes.ts";
import { contractNames, networkKeys } from "./contracts.ts";

describe("what follows from the table of contracts", () => {
  const namesOf = (keys: readonly (keyof typeof contractTable)[]) =>
    keys.map((key) => contractTable[key].name);

  it("a deployment, its check and what explorers get: all that are deployed", () => {
    assert.deepEqual(Object.keys(worker3Module().results).sort(), [...deployedContracts].sort());
    assert.deepEqual(contractNames, namesOf(deployedContracts));
    assert.deepEqual(Object.values(networkKeys), deployedContracts);
  });

  it("sizes and storage layouts: those that are written here", () => {
    assert.deepEqual(CONTRACTS, namesOf(ownContracts));
  });

  it("roles restrict only contracts that are written here", () => {
    const own = new Set<string>(namesOf(ownContracts));
    for (const name of Object.keys(RESTRICTED)) assert.ok(own.has(name), name);
  });
});
