import assert from "node:assert/strict";
import { bytecodeOf } from "../abi/bytecode.ts";
import { contractByKey } from "../abi/contracts.ts";
import { errorsAbi } from "../abi/errors.ts";
import * as abis from "../abi/index.ts";
import * as namespaces from "../abi/namespaces.ts";
import { eventTable } from "../events/eventTable.ts";
import { addressesOf } from "../network/network.ts";
import { networkSchema } from "../network/networkSchema.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import {
  calledContracts,
  contractKeys,
  contractTable,
  deployedContracts,
  factContracts,
  namingViews,
  optionalContracts,
  ownContracts,
  requiredContracts,
} from "./table.ts";

const camel = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

describe("the table of contracts", () => {
  it("names each contract once, by key, in Solidity and by its alias", () => {
    for (const field of ["name", "source", "alias"] as const) {
      assert.equal(new Set(contractKeys.map((key) => contractTable[key][field])).size, contractKeys.length);
    }
  });

  // What follows from the table, and which of its contracts each list has to have: all of them, and no other.
  const lists: [what: string, keys: readonly string[], expected: readonly string[]][] = [
    [
      "what a network file has to name or may name",
      [...requiredContracts, ...optionalContracts].sort(),
      [...contractKeys].sort(),
    ],
    [
      "the contracts of a network file's schema",
      Object.keys(networkSchema.shape.contracts.shape),
      [...requiredContracts, ...optionalContracts, "multicall3"],
    ],
    ["the bytecode", Object.keys(bytecodeOf), contractKeys],
    [
      "the ABIs",
      Object.keys(abis).sort(),
      contractKeys.map((key) => `${camel(contractTable[key].name)}Abi`).sort(),
    ],
    ["what definitions of calls refer to", Object.keys(contractByKey), calledContracts],
    [
      "the namespaces of calls",
      Object.keys(namespaces).sort(),
      calledContracts.map((key) => contractTable[key].alias).sort(),
    ],
    ["the events of facts", Object.keys(eventTable), factContracts],
    [
      "the addresses whose logs are facts",
      addressesOf(exampleAddresses(contractKeys), factContracts).map(([key]) => key),
      factContracts,
    ],
    ["what a deployment creates", deployedContracts, contractKeys.filter((key) => key !== "asset")],
    ["what is written here", ownContracts, deployedContracts.filter((key) => key !== "accessManager")],
  ];
  for (const [what, keys, expected] of lists) {
    it(`${what}: exactly the table's`, () => assert.deepEqual(keys, expected));
  }

  for (const key of calledContracts) {
    const { abi } = contractByKey[key];

    it(`${key}: its errors are known, whichever contract's call ends with them`, () => {
      const known = new Set(errorsAbi.map((item) => JSON.stringify(item)));
      for (const item of abi)
        if (item.type === "error") assert.ok(known.has(JSON.stringify(item)), item.name);
      assert.equal(contractByKey[key].key, key);
    });

    it(`${key}: its events are facts if the table says so, and only then`, () => {
      const events = abi.flatMap((item) => (item.type === "event" ? [item.name] : []));
      const table: Partial<Record<string, ReadonlyMap<unknown, { readonly name: string }>>> = eventTable;
      const known = [...(table[key]?.values() ?? [])].map(({ name }) => name);
      assert.deepEqual(known, contractTable[key].writesFacts ? events : []);
      if (contractTable[key].origin === "own")
        assert.equal(contractTable[key].writesFacts, events.length > 0);
    });
  }

  it("finds the views by which a contract names others, by their keys and by their aliases", () => {
    const found = (["creditEscrow", "usageSettlement"] as const).flatMap((key) =>
      namingViews(contractByKey[key].abi).map(({ view, names }) => `${key}.${view}() is ${names}`),
    );
    assert.deepEqual(found, [
      "creditEscrow.asset() is asset",
      "creditEscrow.authority() is accessManager",
      "creditEscrow.settlement() is usageSettlement",
      "usageSettlement.authority() is accessManager",
      "usageSettlement.creditEscrow() is creditEscrow",
      "usageSettlement.nodeRegistry() is nodeRegistry",
      "usageSettlement.projectRegistry() is projectRegistry",
    ]);
  });
});
