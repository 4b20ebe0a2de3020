import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createNetworkClient, names, nodes, projects } from "@worker3/sdk";
import {
  createTestNetwork,
  type RpcCall,
  RpcRefusal,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { until } from "../../testing/until.ts";
import { findDifference } from "../compareFacts.ts";
import { FollowWorld, NODE, someCids } from "../testing/followWorld.ts";

const YEAR = 31_536_000;

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}
type LogsAsked = [{ fromBlock?: string; toBlock?: string; blockHash?: string }];

const isNewest = ({ method, params }: RpcCall) =>
  method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest";
const logsAsked = ({ method, params }: RpcCall) =>
  method === "eth_getLogs" ? (params as LogsAsked)[0] : undefined;

describe("RPCs that lie, lag or break", function () {
  this.timeout(60_000);

  let world: FollowWorld;
  let cids: string[];

  before(async () => {
    cids = await someCids(3);
  });
  beforeEach(async () => {
    world = await FollowWorld.start();
  });
  afterEach(() => world.stop());

  const newestBlock = async () =>
    (await (
      await world.chain.as(testAccount(1))
    ).publicClient.request({
      method: "eth_getBlockByNumber",
      params: ["latest", false],
    })) as Block;
  /** A version that is booked, below blocks that are final. */
  async function settled(): Promise<number> {
    await world.deploy(cids[0]);
    await world.anvil.mine({ blocks: 100 });
    world.follow();
    await until("there is a final block", () => (world.status().final?.number ?? 0n) > 10n);
    assert.equal(world.activeCid(), cids[0]);
    await world.stopFollowing();
    return world.tables.facts.count();
  }

  describe("another chain", () => {
    let other: TestNetwork;
    beforeEach(async () => {
      // The same id, the same addresses of contracts, other blocks: a devnet that was started anew, or a fork.
      other = await createTestNetwork();
    });
    afterEach(() => other.stop());

    it("answers behind the only RPC: nothing is taken back, and it goes on when the right one answers", async () => {
      const facts = await settled();
      const head = world.tables.checkpoints.newest();
      for (const length of [0, 300]) {
        if (length > 0) await otherMines(length);
        world.proxy.target = other.network.rpcUrls[0];
        world.follow();
        await until("it is noticed", () => /BELOW_FINAL|RPC_BEHIND/.test(world.errorCode() ?? ""));
        assert.equal(world.status().isSynced, false);
        assert.equal(world.tables.facts.count(), facts);
        assert.deepEqual(world.tables.checkpoints.newest(), head);
        world.proxy.target = world.chain.network.rpcUrls[0];
        await until("all is well", () => world.status().isSynced);
        assert.equal(world.activeCid(), cids[0]);
        await world.stopFollowing();
      }
    });

    it("answers behind one of two RPCs, at any time: nothing is taken back, nothing of it is booked", async () => {
      const facts = await settled();
      const second = await world.addProxy();
      await otherMines(300);
      for (const liar of [world.proxy, second]) {
        world.follow({ rpcUrls: [world.proxy.url, second.url] });
        await until("all is well", () => world.status().isSynced);
        liar.target = other.network.rpcUrls[0];
        await until("it is noticed", () => world.errorCode() !== undefined);
        assert.match(world.errorCode() ?? "", /RPC_DISAGREE|BELOW_FINAL/);
        assert.equal(world.tables.facts.count(), facts);
        liar.target = world.chain.network.rpcUrls[0];
        await until("all is well again", () => world.status().isSynced);
        await world.stopFollowing();
      }
      assert.equal(world.activeCid(), cids[0]);
    });

    it("of another id is named, before anything is read of it", async () => {
      world.proxy.tamper = ({ method }) => (method === "eth_chainId" ? "0x99" : undefined);
      await world.deploy(cids[0]);
      world.follow();
      await until("it is noticed", () => world.errorCode() === "WRONG_CHAIN");
      assert.equal(world.tables.facts.count(), 0);
    });

    const otherMines = async (blocks: number) => {
      const { publicClient } = await other.as(testAccount(1));
      await publicClient.request({ method: "anvil_mine", params: [`0x${blocks.toString(16)}`] } as never);
    };
  });

  it("a reorganisation that only the leading RPC tells takes nothing back; one that both tell does", async () => {
    await world.deploy(cids[0]);
    const second = await world.addProxy();
    world.follow({ rpcUrls: [world.proxy.url, second.url] });
    await until("the first version", () => world.activeCid() === cids[0]);
    await world.deploy(cids[1]);
    await until("the second version", () => world.activeCid() === cids[1]);
    const before = await newestBlock();
    const facts = world.tables.facts.count();
    // The second RPC goes on telling the old block.
    second.tamper = (call) => (isNewest(call) ? before : undefined);
    await world.reorganise(1);
    await until("they disagree", () => world.errorCode() === "RPC_DISAGREE");
    assert.equal(world.tables.facts.count(), facts);
    second.tamper = undefined;
    await until("both tell it", () => world.activeCid() === cids[0]);
  });

  it("what was final is remembered over a restart, and given up only where the operator says so", async () => {
    const facts = await settled();
    const final = world.tables.checkpoints.final();
    assert.ok(final);
    await world.reorganise(100);
    await world.anvil.mine({ blocks: 10 });
    world.follow();
    await until("it stops", () => world.errorCode() === "BELOW_FINAL");
    assert.match(world.status().error?.next ?? "", /acceptRollbackTo/);
    assert.equal(world.tables.facts.count(), facts);
    await world.stopFollowing();
    world.follow({ acceptRollbackTo: Number(final.number) - 30 });
    await until("it goes back", () => world.status().isSynced);
    assert.equal(world.activeCid(), cids[0], "which is older than the fork");
    assert.ok((world.tables.checkpoints.final()?.number ?? 0n) > 0n);
    await world.stopFollowing();
    world.follow();
    await until("the key is not needed any more", () => world.status().isSynced);
  });

  it("a machine behind the RPC that lacks the last blocks of a range costs no fact", async () => {
    await world.anvil.mine({ blocks: 400 });
    await world.deploy(cids[0]);
    await world.deploy(cids[1]);
    const height = Number(await world.height());
    world.proxy.tamper = (call, result) => {
      const asked = logsAsked(call);
      if (asked?.toBlock === undefined) return undefined;
      const lacks = Number(asked.toBlock) > height - 100;
      return lacks
        ? (result as { blockNumber: string }[]).filter((log) => Number(log.blockNumber) < height - 20)
        : result;
    };
    world.follow();
    await until("all is read", () => world.status().isSynced);
    assert.equal(world.activeCid(), cids[1]);
  });

  it("an empty answer about a block whose header speaks of our logs is not believed at once", async () => {
    world.follow();
    await until("all is read", () => world.status().isSynced);
    let empty = 0;
    world.proxy.tamper = (call) => (logsAsked(call) !== undefined && empty++ < 2 ? [] : undefined);
    await world.deploy(cids[0]);
    await until("the version", () => world.activeCid() === cids[0]);
    assert.ok(empty >= 3);
  });

  it("an event that was never told is found by the contracts, and the chain read again without a gap", async () => {
    const random = () => 0.5;
    const differs = async () => {
      const { network } = world.chain;
      const asked = { own: world.tables.projects.listOwn(), nodeId: NODE, random };
      const client = createNetworkClient({ network });
      return findDifference({ ...asked, client, view: world.tables.view, block: await world.height() });
    };
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    assert.equal(await differs(), undefined);
    const head = world.status().head;
    assert.ok(head);
    world.follower().compared(head);
    // First from the block that agreed; where none did, from the beginning.
    for (const lost of [cids[1], cids[2]]) {
      // A machine that has the block and not its logs, for as long as the node asks about it.
      world.proxy.tamper = (call) => (logsAsked(call) === undefined ? undefined : []);
      await world.deploy(lost);
      const height = await world.height();
      await until("that block is passed", () => world.status().head?.number === height);
      world.proxy.tamper = undefined;
      assert.match((await differs()) ?? "", /^project 1: here \{.*"active":\d.*on chain \{.*"active":\d/);
      const seen: (string | undefined)[] = [];
      const watching = setInterval(() => seen.push(world.activeCid()), 1);
      await world.follower().reread();
      clearInterval(watching);
      assert.equal(await differs(), undefined);
      assert.equal(world.activeCid(), lost);
      assert.ok(!seen.includes(undefined), "there was a version at every moment");
      assert.deepEqual(world.tables.projects.listDirty(), [1n]);
    }
  });

  it("events and contracts agree on whatever becomes of a project and a node", async () => {
    const [nodeOwner, owner] = [await world.chain.as(testAccount(1)), await world.chain.as(testAccount(3))];
    await world.deploy(cids[0]);
    await world.deploy(cids[1]);
    const projectId = 1n;
    world.follow();
    const differs = async () => {
      const block = await world.height();
      await until("all is read", () => world.status().head?.number === block);
      const client = createNetworkClient({ network: world.chain.network });
      return findDifference({
        client,
        view: world.tables.view,
        own: [1n],
        nodeId: NODE,
        block,
        random: () => 0,
      });
    };
    const steps: Record<string, () => Promise<unknown>> = {
      split: () => projects.split(owner, { projectId, version: 1, bps: 1_000 }),
      domain: () => names.claimDomain(owner, { projectId, domain: "www.example.org" }),
      "domain released": () => names.releaseDomain(owner, { projectId, domain: "www.example.org" }),
      cap: () => projects.setBudget(owner, { projectId, cap: 2_000_000n }),
      "a second cap in one epoch": () => projects.setBudget(owner, { projectId, cap: 3_000_000n }),
      "a new owner is named": () =>
        projects.transferOwnership(owner, { projectId, newOwner: testAccount(4).address }),
      "and accepts": async () =>
        projects.acceptOwnership(await world.chain.as(testAccount(4)), { projectId, domains: [] }),
      full: () => nodes.setPresence(nodeOwner, { nodeId: NODE, untilEpoch: 9, leastCap: nodes.FULL }),
      "asked back": () => nodes.requestUnstake(nodeOwner, { nodeId: NODE, amount: 1_000_000_000n }),
      closed: async () => projects.close(await world.chain.as(testAccount(4)), { projectId }),
    };
    for (const [what, step] of Object.entries(steps)) {
      await step();
      assert.equal(await differs(), undefined, what);
    }
  });

  it("a head from the future that one of two RPCs tells is not booked", async () => {
    const second = await world.addProxy();
    world.follow({ rpcUrls: [world.proxy.url, second.url] });
    await until("all is read", () => world.status().isSynced);
    const latest = () => world.status().head?.timestamp ?? 0;
    const before = latest();
    world.proxy.tamper = (call, result) =>
      isNewest(call)
        ? {
            ...(result as Block),
            timestamp: `0x${(Number((result as Block).timestamp) + YEAR).toString(16)}`,
          }
        : undefined;
    await world.deploy(cids[0]);
    await until("they disagree", () => world.errorCode() === "RPC_DISAGREE");
    assert.equal(latest(), before);
    world.proxy.tamper = undefined;
    await until("they agree", () => world.activeCid() === cids[0]);
    assert.equal(world.status().isWitnessed, true);
    assert.ok(latest() < before + YEAR);
  });

  it("an RPC that does not know which block is final is asked once, and blocks far enough down are taken", async () => {
    await world.deploy(cids[0]);
    await world.anvil.mine({ blocks: 100 });
    let asked = 0;
    world.proxy.tamper = ({ method, params }) => {
      if (method !== "eth_getBlockByNumber" || (params as unknown[])[0] !== "finalized") return undefined;
      asked += 1;
      throw new RpcRefusal(-32602, "invalid block tag: finalized");
    };
    world.follow();
    for (let i = 0; i < 3; i++) {
      const height = await world.height();
      await until("that block is final", () => world.status().final?.number === height - 64n);
      await world.anvil.mine({ blocks: 1 });
    }
    assert.equal(asked, 1);
    assert.equal(world.errorCode(), undefined);
    assert.equal(world.status().providers[0]?.lacksFinal, true);
  });

  it("an RPC that refuses long ranges is asked for shorter ones, and what it takes is remembered", async () => {
    await world.anvil.mine({ blocks: 600 });
    await world.deploy(cids[0]);
    // A range is asked about by several questions.
    const [refused, ranges] = [new Set<string>(), new Set<string>()];
    world.proxy.tamper = (call) => {
      const { fromBlock, toBlock } = logsAsked(call) ?? {};
      if (fromBlock === undefined || toBlock === undefined) return undefined;
      ranges.add(`${fromBlock} ${toBlock}`);
      if (Number(toBlock) - Number(fromBlock) < 10) return undefined;
      refused.add(`${fromBlock} ${toBlock}`);
      // Words, and a connection that breaks.
      if (refused.size % 2 === 0) throw new RpcRefusal(-32005, "query exceeds max block range 10");
      throw new Error("too long");
    };
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    assert.ok(ranges.size > 30);
    assert.ok(refused.size > 0 && refused.size <= 4, `${refused.size} of ${ranges.size} refused`);
    const { rangeBlocks } = world.status().providers[0] ?? {};
    assert.ok(rangeBlocks !== null && rangeBlocks !== undefined && rangeBlocks <= 10);
  });

  it("an RPC that wants to be left alone is left alone for so long", async () => {
    world.follow();
    await until("all is read", () => world.status().isSynced);
    let [refusedAt, againAt] = [0, 0];
    world.proxy.tamper = () => {
      if (refusedAt > 0) {
        againAt ||= performance.now();
        return undefined;
      }
      refusedAt = performance.now();
      throw new RpcRefusal(-32005, "too many requests", { status: 429, headers: { "retry-after": "2" } });
    };
    await world.deploy(cids[0]);
    await until("the version", () => world.activeCid() === cids[0]);
    assert.ok(againAt - refusedAt >= 2_000, `asked again after ${againAt - refusedAt} ms`);
  });

  it("an RPC that refuses several questions at once is asked one by one", async () => {
    await world.anvil.mine({ blocks: 30 });
    await world.deploy(cids[0]);
    world.proxy.refusesBatches = true;
    world.follow();
    await until("the version", () => world.activeCid() === cids[0]);
    assert.equal(world.errorCode(), undefined);
    assert.equal(world.proxy.batches, 1);
  });

  it("many blocks near the head take few requests", async () => {
    await world.anvil.mine({ blocks: 200 });
    await world.deploy(cids[0]);
    world.follow();
    await until("the version", () => world.activeCid() === cids[0]);
    assert.ok(world.proxy.calls < 30, `${world.proxy.calls} requests`);
  });

  it("one of two RPCs that stands still is named; with a third one the node goes on", async () => {
    const [second, third] = [await world.addProxy(), await world.addProxy()];
    const old = await newestBlock();
    second.tamper = (call) => (isNewest(call) ? old : undefined);
    const mining = setInterval(() => void world.anvil.mine({ blocks: 1 }), 100);
    try {
      world.follow({ rpcUrls: [world.proxy.url, second.url], stalledMs: 1_500 });
      await until("it is named", () => world.errorCode() === "RPC_STALLED");
      assert.match(world.status().error?.message ?? "", new RegExp(`^${new URL(second.url).host} `));
      await world.stopFollowing();
      world.follow({ rpcUrls: [world.proxy.url, second.url, third.url], stalledMs: 1_500 });
      await world.deploy(cids[0]);
      await until("the version", () => world.activeCid() === cids[0]);
      assert.equal(world.status().isWitnessed, true);
    } finally {
      clearInterval(mining);
    }
  });

  it("one of three RPCs that takes seconds for each answer holds up nothing, and is told", async () => {
    const [second, third] = [await world.addProxy(), await world.addProxy()];
    world.proxy.delayMs = 3_100;
    world.follow({ rpcUrls: [world.proxy.url, second.url, third.url] });
    await until("it is known as slow", () => world.status().providers[0]?.isSlow === true);
    await until("all is read", () => world.status().isSynced);
    // The pass that it slowed down ends before the next one begins.
    await world.deploy(cids[0]);
    await until("the first version", () => world.activeCid() === cids[0]);
    const asked = world.proxy.calls;
    await world.deploy(cids[1]);
    await until("the second version", () => world.activeCid() === cids[1]);
    assert.equal(world.proxy.calls, asked, "the others are asked");
    assert.equal(world.status().isWitnessed, true);
  });

  it("a single RPC that stands still is no green light, and no error once blocks come", async () => {
    world.follow({ stalledMs: 300 });
    await until("it is said", () => world.errorCode() === "CHAIN_STALLED");
    assert.equal(world.status().isSynced, true, "what it told so far is booked");
    await world.deploy(cids[0]);
    await until("blocks come", () => world.errorCode() === undefined && world.activeCid() === cids[0]);
  });

  for (const [how, urls] of [
    ["besides HTTP", (host: string) => [`http://${host}`, `ws://${host}`]],
    ["alone", (host: string) => [`ws://${host}`]],
  ] as const) {
    it(`a WebSocket ${how} that is open and says nothing any more is made anew`, async () => {
      const relay = await startRelay(Number(new URL(world.chain.network.rpcUrls[0]).port));
      try {
        world.follow({ rpcUrls: urls(relay.host) as [string], pollMs: 100, requestTimeoutMs: 500 });
        await until("all is read", () => world.status().isSynced);
        const before = relay.sockets();
        relay.silence();
        await until("a new connection", async () => {
          await world.anvil.mine({ blocks: 1 });
          return relay.sockets() > before;
        });
        await world.deploy(cids[0]);
        await until("the version", () => world.activeCid() === cids[0]);
        assert.equal(relay.sockets(), before + 1, "and that one is kept");
      } finally {
        await world.stopFollowing();
        await relay.stop();
      }
    });
  }
});

/** A way to the chain on which WebSockets can fall silent while they stay open. */
async function startRelay(port: number) {
  const ends = new Set<Socket>();
  const webSockets: { isSilent: boolean }[] = [];
  const server: Server = createServer((visitor) => {
    const chain = connect(port, "127.0.0.1");
    const state = { isSilent: false };
    // A connection that served requests before may become a WebSocket.
    visitor.on("data", (data) => {
      if (/upgrade: websocket/i.test(data.toString("latin1"))) webSockets.push(state);
    });
    for (const [from, to] of [
      [visitor, chain],
      [chain, visitor],
    ] as const) {
      ends.add(from);
      from.on("data", (data) => void (state.isSilent ? undefined : to.write(data)));
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    host: `127.0.0.1:${address.port}`,
    sockets: () => webSockets.length,
    silence() {
      for (const state of webSockets) state.isSilent = true;
    },
    async stop() {
      for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
