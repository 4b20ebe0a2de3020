import assert from "node:assert/strict";
import { requiredContracts } from "../contracts/table.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { throwsCode } from "../testing/throwsCode.ts";
import { networkToJson } from "./networkToJson.ts";
import { parseNetwork } from "./parseNetwork.ts";

const address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
/** As the devnet prints it. */
const ready = {
  event: "ready",
  chainId: 31337,
  rpcUrl: "http://127.0.0.1:8545",
  zone: "worker3.localhost",
  decimals: 6,
  contracts: { ...exampleAddresses(requiredContracts), asset: address.toLowerCase() },
  accounts: { deployer: { address, privateKey: "0x00" } },
  nodes: [{ nodeId: 1, http: "http://127.0.0.1:8101" }],
  epochSeconds: 20,
  genesis: "2026-11-22T12:00:00.000Z",
  times: { late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
};

describe("parseNetwork", () => {
  it("takes the ready document of a devnet, whatever else stands in it", () => {
    assert.deepEqual(parseNetwork(ready), {
      chainId: 31337,
      rpcUrls: ["http://127.0.0.1:8545"],
      zone: "worker3.localhost",
      contracts: { ...ready.contracts, asset: address },
      deploymentBlock: 0n,
      times: {
        genesis: Date.UTC(2026, 10, 22, 12) / 1000,
        epochSeconds: 20,
        late: 4,
        dispute: 3,
        decide: 5,
        creditThaw: 6,
        stakeThaw: 19,
      },
    });
  });

  it("several RPCs keep their order, each once", () => {
    const rpcUrls = ["wss://b.example", "http://127.0.0.1:8545", "https://a.example/key"];
    assert.deepEqual(parseNetwork({ ...ready, rpcUrls }).rpcUrls, [
      "http://127.0.0.1:8545",
      "wss://b.example",
      "https://a.example/key",
    ]);
    const { rpcUrl: _, ...without } = ready;
    assert.deepEqual(parseNetwork({ ...without, rpcUrls }).rpcUrls, rpcUrls);
  });

  it("what networkToJson writes is read back", () => {
    const network = parseNetwork({
      ...ready,
      deploymentBlock: 77,
      contracts: { ...ready.contracts, accessManager: address, multicall3: address },
    });
    assert.deepEqual(parseNetwork(JSON.parse(JSON.stringify(networkToJson(network)))), network);
  });

  const bad: [what: string, change: object, field: string][] = [
    ["no RPC", { rpcUrl: undefined }, "rpcUrl"],
    ["an RPC that is no URL", { rpcUrl: "localhost:8545" }, "rpcUrl"],
    ["a token with other decimals", { decimals: 18 }, "decimals"],
    [
      "a wrong checksum",
      { contracts: { ...ready.contracts, nodeRegistry: address.replace("F", "f") } },
      "contracts.nodeRegistry",
    ],
    [
      "a missing contract",
      { contracts: { ...ready.contracts, usageSettlement: undefined } },
      "contracts.usageSettlement",
    ],
    ["a genesis that is no time", { genesis: "yesterday" }, "genesis"],
    ["epochs without length", { epochSeconds: 0 }, "epochSeconds"],
    ["a missing span", { times: { ...ready.times, late: undefined } }, "times.late"],
  ];
  for (const [what, change, field] of bad) {
    it(`refuses ${what}, naming the field`, () =>
      assert.equal(throwsCode(() => parseNetwork({ ...ready, ...change }), "NETWORK_INVALID").value, field));
  }

  it("refuses what is no document", () => {
    for (const value of [undefined, null, "x", []]) throwsCode(() => parseNetwork(value), "NETWORK_INVALID");
  });
});
