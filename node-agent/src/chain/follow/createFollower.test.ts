import assert from "node:assert/strict";
import { lens, projects } from "@worker3/sdk";
import { testAccount } from "@worker3/sdk/testing";
import { until } from "../../testing/until.ts";
import { DOMAIN, FollowWorld, NODE, someCids } from "../testing/followWorld.ts";
import type { ChainStatus } from "./createFollower.ts";

describe("following the chain", function () {
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

  it("tells what holds of a project, however many blocks are asked for at once", async () => {
    await world.deploy(cids[0]);
    await world.deploy(cids[1]);
    await projects.activate(await world.chain.as(testAccount(3)), {
      projectId: 1n,
      version: 1,
      digest: (await lens.versionOf(await world.chain.as(testAccount(3)), { projectId: 1n, version: 1 }))
        .digest,
    });
    for (const backfillBlocks of [1, 3, 10_000]) {
      world.follow({ backfillBlocks });
      await until(
        "version 1 is active again",
        () => world.project().versions.length === 2 && world.project().active === 1,
      );
      const { owner, domains, terms } = world.project();
      assert.equal(owner, testAccount(3).address);
      assert.deepEqual(domains, [DOMAIN]);
      assert.deepEqual(terms.at(-1)?.nodeIds, [NODE]);
      assert.equal(terms.at(-1)?.cap, 1_000_000n);
      assert.deepEqual(world.tables.projects.listOwn(), [1n]);
      assert.deepEqual(world.tables.projects.listDirty(), [1n]);
      await world.stopFollowing();
      world.tables.ledger.close();
      world.tables = world.tablesAt(":memory:");
    }
  });

  it("over a WebSocket a new version is known as soon as its block is", async () => {
    const socketUrl = world.chain.network.rpcUrls[0].replace("http", "ws");
    world.follow({ rpcUrls: [socketUrl, world.proxy.url] });
    await world.deploy(cids[0]);
    await until("the version", () => world.activeCid() === cids[0]);
  });

  it("goes on from its cursor after a restart, without asking for what it has", async () => {
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    await world.stopFollowing();
    const rows = world.tables.facts.count();
    const asked: unknown[] = [];
    world.proxy.tamper = ({ method, params }) => {
      if (method === "eth_getLogs") asked.push(params);
      return undefined;
    };
    await world.deploy(cids[1]);
    world.follow();
    await until("the second version", () => world.activeCid() === cids[1]);
    assert.equal(asked.length, 1, JSON.stringify(asked));
    assert.ok(world.tables.facts.count() > rows);
  });

  it("a version that is reorganised away is gone, and one that comes back is there again", async () => {
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    await world.anvil.mine({ blocks: 3 });
    await world.deploy(cids[1]);
    await until("the second version", () => world.activeCid() === cids[1]);
    world.tables.projects.clean(1n);

    await world.anvil.request({ method: "anvil_reorg", params: [1, []] } as never);
    await until("the first version again", () => world.activeCid() === cids[0]);
    assert.deepEqual(world.project().versions.length, 1);
    assert.deepEqual(world.tables.projects.listDirty(), [1n]);

    await world.deploy(cids[1]);
    await until("the second version again", () => world.activeCid() === cids[1]);
  });

  it("a reorganisation has the credit of every project asked for again", async () => {
    const stranger = 77n;
    world.tables.projects.own(stranger);
    const credit = { available: 5n, budget: 1n, nextBudget: 1n };
    world.tables.projects.setFunding(stranger, { epoch: 1, credit, generation: 0 });
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    assert.equal(world.tables.projects.funding(stranger).epoch, 1);
    for (const id of world.tables.projects.listDirty()) world.tables.projects.clean(id);
    await world.anvil.request({ method: "anvil_reorg", params: [1, []] } as never);
    await until("no version any more", () => world.activeCid() === undefined);
    assert.notEqual(world.tables.projects.funding(stranger).epoch, 1);
    assert.deepEqual(world.tables.projects.listDirty(), [1n, stranger]);
  });

  it("goes back behind the project's first block, and behind everything it knows", async () => {
    await world.anvil.mine({ blocks: 5 });
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    await world.anvil.request({ method: "anvil_reorg", params: [4, []] } as never);
    await until("no project", () => world.project().owner === undefined);
    await world.deploy(cids[2]);
    await until("another first version", () => world.activeCid() === cids[2]);
  });

  it("one RPC that tells a log of another block is not believed", async () => {
    await world.deploy(cids[0]);
    world.proxy.tamper = ({ method }, result) =>
      method === "eth_getLogs"
        ? (result as object[]).map((log) => ({
            ...log,
            blockHash: `0x${"11".repeat(32)}`,
            blockNumber: "0xffff",
          }))
        : undefined;
    world.follow();
    await until("the lie is noticed", () => world.errorCode() === "RPC_LIES");
    assert.equal(world.tables.facts.count(), 0);
    world.proxy.tamper = undefined;
    await until("the truth", () => world.activeCid() === cids[0]);
    await until("no error any more", () => world.errorCode() === undefined);
  });

  it("a log of a stranger's contract is not believed, and named", async () => {
    await world.deploy(cids[0]);
    world.proxy.tamper = ({ method }, result) =>
      method === "eth_getLogs"
        ? (result as object[]).map((log) => ({ ...log, address: testAccount(5).address }))
        : undefined;
    world.follow();
    await until("the lie is noticed", () => world.errorCode() === "FOREIGN_LOG");
    assert.match(world.status().error?.value ?? "", new RegExp(testAccount(5).address, "i"));
    assert.equal(world.tables.facts.count(), 0);
  });

  it("with two RPCs a forged pointer is not acted on", async () => {
    const other = await world.addProxy();
    await world.deploy(cids[0]);
    world.follow({ rpcUrls: [world.proxy.url, other.url] });
    await until("the first version", () => world.activeCid() === cids[0]);
    const [honest, forged] = [cids[1], cids[2]];
    assert.ok(honest && forged);
    const hex = (text: string) => Buffer.from(text).toString("hex");
    world.proxy.tamper = ({ method }, result) =>
      method === "eth_getLogs"
        ? (JSON.parse(JSON.stringify(result).replace(hex(honest), hex(forged))) as unknown)
        : undefined;
    await world.deploy(honest);
    await until("they disagree", () => world.errorCode() === "RPC_DISAGREE");
    assert.equal(world.activeCid(), cids[0]);
    world.proxy.tamper = undefined;
    await until("they agree", () => world.activeCid() === honest);
  });

  it("an RPC that falls silent leaves what is known, and is caught up with", async () => {
    await world.deploy(cids[0]);
    world.follow({ requestTimeoutMs: 1_000 });
    await until("the first version", () => world.activeCid() === cids[0]);
    world.proxy.isSilent = true;
    await until("the silence is noticed", () => /RPC_(TIMEOUT|UNREACHABLE)/.test(world.errorCode() ?? ""));
    await world.deploy(cids[1]);
    assert.equal(world.activeCid(), cids[0]);
    world.proxy.isSilent = false;
    await until("the second version", () => world.activeCid() === cids[1]);
  });

  for (const [how, fail] of [
    [
      "throws",
      () => {
        throw new TypeError("a bug of the consumer");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("a bug of the consumer"))],
  ] as const) {
    it(`a consumer of heads that ${how} says nothing of the RPC, and is told again without a new head`, async () => {
      const other = await world.addProxy();
      await world.deploy(cids[0]);
      const told: ChainStatus[] = [];
      world.follow({
        rpcUrls: [world.proxy.url, other.url],
        onHead(status) {
          told.push(status);
          if (told.length <= 3) return fail();
        },
      });
      await until("it was told until it went well", () => told.length > 3);
      assert.equal(world.activeCid(), cids[0]);
      await world.deploy(cids[1]);
      const { number } = await (await world.chain.as(testAccount(1))).publicClient.getBlock();
      await until("it is told of the next head", () => told.at(-1)?.head?.number === number);
      assert.equal(world.activeCid(), cids[1]);
      assert.ok(told.every(({ error }) => error === undefined));
      assert.ok(
        world.status().providers.every(({ error }) => error === null),
        "an RPC was blamed",
      );
      assert.deepEqual(
        world.log.map(({ msg, err }) => [msg, err?.message]),
        Array(3).fill(["a new head could not be acted on", "a bug of the consumer"]),
      );
      assert.match(world.log[0]?.err?.stack ?? "", /createFollower\.test\.ts/);
    });
  }

  it("a ledger that fails is not the RPC's fault, and is told as what it is", async () => {
    const other = await world.addProxy();
    await world.deploy(cids[0]);
    let isBroken = true;
    const { facts } = world.tables;
    const insert: typeof facts.insert = (rows) => {
      if (isBroken) throw new TypeError("a bug of the ledger");
      facts.insert(rows);
    };
    world.tables = { ...world.tables, facts: { ...facts, insert } };
    const failures: unknown[] = [];
    world.follow({
      rpcUrls: [world.proxy.url, other.url],
      onHead: ({ error }) => void failures.push(error?.code),
    });
    await until("it failed twice", () => failures.filter(Boolean).length >= 2);
    assert.deepEqual([...new Set(failures)], ["FACTS_NOT_BOOKED"]);
    assert.ok(
      world.status().providers.every(({ error }) => error === null),
      "an RPC was blamed",
    );
    isBroken = false;
    await until("the version", () => world.activeCid() === cids[0] && world.errorCode() === undefined);
  });

  it("an RPC that lags behind takes nothing back", async () => {
    await world.deploy(cids[0]);
    world.follow();
    await until("the first version", () => world.activeCid() === cids[0]);
    const before = await (await world.chain.as(testAccount(1))).publicClient.request({
      method: "eth_getBlockByNumber",
      params: ["latest", false],
    });
    await world.anvil.mine({ blocks: 2 });
    await until("the new head", () => Number(world.status().head?.number) === Number(before?.number) + 2);
    const calls = world.proxy.calls;
    world.proxy.tamper = ({ method, params }) =>
      method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest" ? before : undefined;
    await until("it was asked again", () => world.proxy.calls > calls + 3);
    assert.equal(Number(world.tables.checkpoints.newest()?.number), Number(before?.number) + 2);
    assert.equal(world.activeCid(), cids[0]);
  });
});
