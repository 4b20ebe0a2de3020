import assert from "node:assert/strict";
import {
  contractKeys,
  contractTable,
  createNetworkClient,
  deployedContracts,
  type Network,
  ownContracts,
} from "@worker3/sdk";
import { exampleAddresses, rejectsCode, throwsCode } from "@worker3/sdk/testing";
import { encodeAbiParameters, parseAbi } from "viem";
import { worker3Module } from "../../ignition/modules/Worker3.ts";
import { RESTRICTED } from "../../ignition/roles.ts";
import { CONTRACTS } from "../bench/support/contractSizes.ts";
import { addressIn, contractNames, isOfViews, networkKeys } from "./contracts.ts";
import type { Build, ContractBuild } from "./readBuild.ts";
import { readDeployed } from "./readDeployed.ts";

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

  it("a contract of views needs no event to tell what it was created with: the contracts that it asks", async () => {
    const abi = parseAbi([
      "constructor(address nodes, address projects_)",
      "function nodeCount() view returns (uint32)",
    ]);
    assert.equal(isOfViews(abi), true);
    assert.equal(isOfViews(parseAbi(["function take(string name)"])), false);
    assert.equal(isOfViews(parseAbi(["event Taken(string name)"])), false);
    const contracts = exampleAddresses(contractKeys);
    const times = {
      genesis: 0,
      epochSeconds: 20,
      late: 4,
      dispute: 3,
      decide: 5,
      creditThaw: 6,
      stakeThaw: 19,
    };
    const network = {
      chainId: 7,
      rpcUrls: ["http://127.0.0.1:1"],
      zone: "x.example",
      contracts,
      deploymentBlock: 0n,
      times,
    } as const;
    const build = { name: "NodeRegistry", abi } as unknown as ContractBuild;
    const builds = {} as Build; // no other contract makes it
    const deployed = await readDeployed(createNetworkClient({ network }), build, builds);
    const { nodeRegistry, projectRegistry } = contracts;
    const types = [{ type: "address" }, { type: "address" }] as const;
    assert.equal(
      `0x${deployed.constructorArguments}`,
      encodeAbiParameters(types, [nodeRegistry, projectRegistry]),
    );
    const strange = { ...build, abi: parseAbi(["constructor(address friend)"]) };
    assert.equal(
      (await rejectsCode(readDeployed(createNetworkClient({ network }), strange, builds), "CREATION_UNKNOWN"))
        .value,
      "friend",
    );
    const { creditEscrow: _, ...some } = contracts;
    const incomplete = { contracts: some } as Pick<Network, "contracts">;
    assert.equal(
      throwsCode(() => addressIn(incomplete, "creditEscrow"), "NO_CONTRACT").value,
      "contracts.creditEscrow",
    );
  });
});
