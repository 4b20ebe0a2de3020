import assert from "node:assert/strict";
import { type Hex, http } from "viem";
import { readProjects } from "../contracts/lens/project.ts";
import { register, setPresence } from "../contracts/nodes/node.ts";
import { createProjectOn } from "../contracts/projects/project.ts";
import { projectSummary } from "../contracts/projects/summary.ts";
import { testAccount } from "../testing/accounts.ts";
import { setSuccessor } from "../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { deployNetwork } from "../testing/deployNetwork.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { type CheckedNetwork, checkNetwork } from "./checkNetwork.ts";
import { createNetworkClient } from "./createNetworkClient.ts";
import type { Network } from "./network.ts";

describe("a network and its chain", () => {
  let net: TestNetwork;
  before(async () => {
    net = await createTestNetwork();
  });
  after(() => net.stop());

  function check(change: Partial<Network>): Promise<CheckedNetwork> {
    return checkNetwork(createNetworkClient({ network: { ...net.network, ...change } }));
  }

  it("a file that says what the chain says is right", async () => {
    assert.deepEqual(await check({}), { successor: undefined });
  });

  it("who checks a network is told when it moves to another settlement", async () => {
    const own = await createTestNetwork();
    try {
      const successor = testAccount(7).address;
      await setSuccessor(await own.as(testAccount(0)), { successor });
      const { network } = own;
      assert.deepEqual(await checkNetwork(createNetworkClient({ network })), { successor });
    } finally {
      await own.stop();
    }
  });

  it("another chain, an address without code and contracts of another network are noticed", async () => {
    const { contracts, times } = net.network;
    assert.equal((await rejectsCode(check({ chainId: 1 }), "WRONG_CHAIN")).value, "31337");
    const nobody = testAccount(5).address;
    const missing = check({ contracts: { ...contracts, creditEscrow: nobody } });
    assert.equal((await rejectsCode(missing, "CONTRACT_MISSING")).value, nobody);
    const wrong: [name: string, change: Partial<Network>][] = [
      ["genesis", { times: { ...times, genesis: times.genesis - 1 } }],
      ["epochSeconds", { times: { ...times, epochSeconds: 20 } }],
      ["zone", { zone: "worker3.dev" }],
      ["asset", { contracts: { ...contracts, asset: contracts.creditEscrow } }],
    ];
    for (const [name, change] of wrong) {
      assert.equal((await rejectsCode(check(change), "WRONG_CONTRACTS")).value, name);
    }
  });

  it("a contract of another network among ours is noticed by what it and ours name", async () => {
    const other = await deployNetwork({ rpcUrl: net.network.rpcUrls[0], times: net.network.times });
    const mixed = (
      key: "nodeRegistry" | "projectRegistry" | "nameRegistry" | "creditEscrow" | "usageSettlement" | "lens",
    ) => check({ contracts: { ...net.network.contracts, [key]: other.contracts[key] } });
    const noticed: [key: Parameters<typeof mixed>[0], by: string][] = [
      ["nodeRegistry", "asset"],
      ["projectRegistry", "nameRegistry"],
      ["nameRegistry", "nameRegistry"],
      ["creditEscrow", "asset"],
      ["usageSettlement", "usageSettlement"],
      ["lens", "usageSettlement"],
    ];
    for (const [key, by] of noticed) {
      assert.equal((await rejectsCode(mixed(key), "WRONG_CONTRACTS")).value, by);
    }
  });

  it("an RPC that is not there is noticed", async () => {
    await rejectsCode(check({ rpcUrls: ["http://127.0.0.1:1"] }), "RPC_UNREACHABLE");
  });

  it("the next RPC answers where the first does not", () =>
    check({ rpcUrls: ["http://127.0.0.1:1", net.network.rpcUrls[0]] }));

  it("reads of one moment share a round trip", async () => {
    const owner = await net.as(testAccount(1));
    const stake = 100_000_000n;
    await register(owner, { operator: testAccount(2).address, region: "me", endpoint: "http://h", stake });
    await setPresence(owner, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    for (let i = 0; i < 20; i++)
      await createProjectOn(owner, { domain: `p${i}.example`, nodeIds: [1], cap: 10_000n });

    const asked: Hex[] = [];
    const transport = http(net.network.rpcUrls[0], {
      onFetchRequest: async (request) => void asked.push((await request.clone().text()) as Hex),
    });
    const client = createNetworkClient({ network: net.network, transport });
    const summary = await projectSummary(client, { projectId: 7n });
    assert.equal(summary.project.projectId, 7n);
    assert.equal(asked.length, 2, "a summary is two requests: the budgets are those of an epoch");

    asked.splice(0);
    const projectIds = Array.from({ length: 21 }, (_, i) => BigInt(i + 1));
    const projects = await readProjects(client, { projectIds });
    assert.deepEqual(
      projects.map((project) => project?.projectId),
      [...projectIds.slice(0, 20), undefined],
    );
    assert.equal(asked.length, 2, "14 projects fit one request");
  });
});
