import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { asset, checkNetwork, createNetworkClient, nodes, parseNetwork, settlement } from "@worker3/sdk";
import { poolSize } from "@worker3/sdk/testing";
import type { ReadyDocument } from "./readyDocument.ts";
import { chainClient } from "./startChain.ts";
import { poll } from "./testing/poll.ts";
import { type SpawnedDevnet, spawnDevnet } from "./testing/spawnDevnet.ts";

/** The agents and the `worker3` command are stand-ins (testing/standIn*.ts); the chain and the contracts are real. */
describe("a devnet", function () {
  this.timeout(120_000);

  let devnet: SpawnedDevnet;
  let ready: ReadyDocument;
  let startedMs: number;
  let readyMs: number;
  before(async () => {
    startedMs = Date.now();
    devnet = await spawnDevnet({ args: ["--json", "--epoch-seconds", "11"], nodes: 2 });
    ready = await devnet.ready();
    readyMs = Date.now();
  });
  after(() => devnet?.cleanUp());

  const client = () => createNetworkClient({ network: parseNetwork(ready) });

  it("says in one line that it is ready, and keeps the same in devnet.json", async () => {
    assert.equal(devnet.stdout().trimEnd().split("\n").length, 1);
    const file = await readFile(join(devnet.stateDirectory, "devnet.json"), "utf8");
    assert.deepEqual(JSON.parse(file), ready);
    const { event, chainId, rpcUrl, zone, decimals, epochSeconds, times, pid } = ready;
    assert.deepEqual(
      { event, chainId, rpcUrl, zone, decimals, epochSeconds, times, pid },
      {
        event: "ready",
        chainId: 31337,
        rpcUrl: `http://127.0.0.1:${devnet.rpcPort}`,
        zone: "worker3.localhost",
        decimals: 6,
        epochSeconds: 11,
        times: { late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
        pid: devnet.child.pid,
      },
    );
  });

  it("is a network whose contracts say the same as its document", () => checkNetwork(client()));

  it("began when its contracts were deployed", async () => {
    // Blocks have whole seconds.
    const genesisMs = Date.parse(ready.genesis);
    assert.ok(genesisMs > startedMs - 1_000 && genesisMs <= readyMs, ready.genesis);
    const epoch = await settlement.currentEpoch(client());
    assert.ok(epoch <= (Date.now() - genesisMs) / 11_000, `epoch ${epoch}`);
  });

  it("has Multicall3 where other chains have it, so that agents hand in several epochs at once", async () => {
    const code = await chainClient(ready.rpcUrl).getCode({
      address: "0xcA11bde05977b3631167028862bE2a173976CA11",
    });
    assert.ok(code !== undefined && code.length > 1_000);
  });

  it("mines a block a second, of which all but the newest two are final", async () => {
    const chain = chainClient(ready.rpcUrl);
    const beganSeconds = Math.floor(Date.now() / 1000);
    const { number: first, timestamp: began } = await chain.getBlock();
    const last = await poll("three more blocks", async () => {
      const block = await chain.getBlock();
      return block.number >= first + 3n && block;
    });
    // On a busy machine a second may pass without one.
    assert.ok(last.timestamp - began >= last.number - first, `${last.timestamp - began} s`);
    const lastSeconds = Number(last.timestamp);
    assert.ok(
      lastSeconds >= beganSeconds && lastSeconds <= Date.now() / 1000 + 1,
      "the chain's clock is this machine's",
    );
    const { number: before } = await chain.getBlock();
    const { number: final } = await chain.getBlock({ blockTag: "finalized" });
    const { number: after } = await chain.getBlock();
    assert.ok(final >= before - 2n && final <= after - 2n, `${final} of ${before} to ${after}`);
  });

  it("has registered its nodes, which take projects", async () => {
    assert.deepEqual(
      ready.nodes.map(({ nodeId, http, host, admin, region }) => ({ nodeId, http, host, admin, region })),
      [
        [1, "weur"],
        [2, "enam"],
      ].map(([nodeId, region]) => ({
        nodeId,
        http: `http://127.0.0.1:${devnet.portBase + Number(nodeId)}`,
        host: `n${nodeId}.nodes.worker3.localhost`,
        admin: join(devnet.stateDirectory, `n${nodeId}`, "admin.sock"),
        region,
      })),
    );
    const epoch = await settlement.currentEpoch(client());
    for (const { nodeId, http, region } of ready.nodes) {
      const node = await nodes.nodeOf(client(), { nodeId });
      assert.deepEqual(
        [node.operator, node.owner, node.region, node.endpoint],
        [
          ready.accounts[`operator${nodeId}`]?.address,
          ready.accounts[`nodeOwner${nodeId}`]?.address,
          region,
          http,
        ],
      );
      assert.ok(node.presentUntil > epoch, String(node.presentUntil));
      assert.equal(await poolSize(client(), { region: node.region }), 1);
    }
  });

  it("runs an agent for each node, with its own key", async () => {
    for (const { nodeId, http } of ready.nodes) {
      assert.equal(await (await fetch(http)).text(), `node ${nodeId}`);
      const directory = join(devnet.stateDirectory, `n${nodeId}`);
      const key = join(directory, "operator.key");
      assert.equal((await stat(key)).mode & 0o777, 0o600);
      assert.equal((await readFile(key, "utf8")).trim(), ready.accounts[`operator${nodeId}`]?.privateKey);
      assert.match(await readFile(join(directory, "agent.log"), "utf8"), /serves/);
    }
  });

  it("gives its accounts tokens, and gas", async () => {
    const { deployer, stranger, operator1, nodeOwner1, arbiter } = ready.accounts;
    assert.ok(deployer && stranger && operator1 && nodeOwner1 && arbiter);
    const balances = await Promise.all(
      [deployer, stranger].map(({ address }) => asset.balanceOf(client(), { who: address })),
    );
    assert.deepEqual(balances, [1_000_000_000_000n, 1_000_000_000_000n]);
    for (const { address } of [deployer, stranger, operator1, nodeOwner1, arbiter]) {
      assert.ok((await client().publicClient.getBalance({ address })) > 10n ** 21n, address);
    }
    assert.equal((await settlement.parameters(client())).arbiter, arbiter.address);
  });

  it("deploys the sample project by the command", () => {
    assert.deepEqual(ready.sample, {
      projectId: "1",
      version: 1,
      cid: "bafy",
      domain: "hello.worker3.localhost",
      url: `http://hello.worker3.localhost:${devnet.portBase + 1}`,
    });
  });

  it("keeps its state folder and its ports to itself", async () => {
    const second = await spawnDevnet({ args: ["--json"], nodes: 2, like: devnet });
    try {
      assert.equal(await second.ended, 1);
      assert.match(second.stderr(), new RegExp(`pid ${devnet.child.pid} runs on this state folder`));
      assert.match(second.stderr(), new RegExp(`port ${devnet.rpcPort} is in use by pid \\d+ \\(.*anvil`));
      const { event, error } = JSON.parse(second.stdout());
      assert.deepEqual([event, error.code], ["failed", "DEVNET_RUNS"]);
    } finally {
      await second.cleanUp();
    }
  });

  it("goes on without an agent that ended, and says so", async () => {
    const [first, second] = ready.nodes;
    assert.ok(first && second);
    process.kill(second.pid, "SIGKILL");
    await poll("a word about it", () => devnet.stderr().includes("node 2 ("));
    assert.match(devnet.stderr(), new RegExp(`node 2 \\(pid ${second.pid}\\) ended \\(SIGKILL\\)`));
    assert.equal(await (await fetch(first.http)).text(), "node 1");
    assert.equal(devnet.child.exitCode, null);
  });

  it("ends in order on SIGINT, which npm may pass on a second time", async () => {
    devnet.child.kill("SIGINT");
    devnet.child.kill("SIGINT");
    assert.equal(await devnet.ended, 0);
    await devnet.untilNothingIsLeft();
    assert.equal(devnet.stdout().trimEnd().split("\n").length, 1);
  });
});
