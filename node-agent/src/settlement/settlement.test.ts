import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  amountOf,
  asset,
  feeOf,
  formatAmount,
  getFacts,
  nodes,
  parseStatement,
  projects,
  settlement,
  statementDigest,
  statementsDigest,
} from "@worker3/sdk";
import { pauseSubmissions, setOperator, TEST_PRICES, testAccount } from "@worker3/sdk/testing";
import { custom, http } from "viem";
import { crashPoints } from "../testing/crashPoints.ts";
import { CAP, SettlementWorld } from "../testing/settlementWorld.ts";

const MINUTE = { requests: 1_000, cpuMs: 500, egressBytes: 2_098_000 };
const USAGE = { requests: 1_000n, cpuMs: 500n, egressKiB: 2_048n, storedMiB: 0n };
const PRICE = amountOf(TEST_PRICES, CAP, USAGE);

describe("settlement on a chain", function () {
  this.timeout(120_000);

  let world: SettlementWorld;
  let folder: string;
  const reader = () => world.projectOwner;
  const epoch = () => world.net.epoch();
  const toEpoch = (number: number) => world.net.toEpoch(number);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-settlement-"));
    world = await SettlementWorld.create();
  });
  after(async () => {
    await world?.net.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    world.finalBlock = undefined;
    world.closedEpoch = Number.POSITIVE_INFINITY;
    world.nowMs += 86_400_000;
    world.warnings.length = 0;
  });

  /** A node, projects of it, and usage of them in the epoch that is now. */
  async function served({
    credits = [50n * CAP],
    ...options
  }: { credits?: bigint[] } & Partial<Parameters<SettlementWorld["openAgent"]>[0]> = {}) {
    const nodeId = await world.register();
    const projectIds: bigint[] = [];
    for (const credit of credits) projectIds.push(await world.createProject(nodeId, credit));
    const agent = await world.openAgent({ nodeId, ...options });
    const e = await epoch();
    for (const projectId of projectIds)
      agent.usage.add({ projectId, epoch: e, minuteMs: world.minuteMs(e), ...MINUTE });
    return { nodeId, projectIds, agent, e };
  }
  const factsOf = async (nodeId: number) => {
    const { publicClient, network } = reader();
    const toBlock = await publicClient.getBlockNumber();
    const facts = await getFacts({ client: publicClient, network, fromBlock: 0n, toBlock });
    return facts.filter(({ args }) => "nodeId" in args && args.nodeId === nodeId);
  };
  const countedOf = async (nodeId: number) =>
    (await factsOf(nodeId)).flatMap((fact) => (fact.kind === "BatchCounted" ? [fact.args] : []));
  const warned = (text: RegExp) => world.warnings.filter(({ message }) => text.test(message));

  it("usage of an epoch is counted once, with the statement that the node serves", async () => {
    const { nodeId, projectIds, agent, e } = await served({ credits: [50n * CAP, 50n * CAP] });
    const [first = 0n, second = 0n] = projectIds;
    agent.usage.add({ projectId: second, epoch: e, minuteMs: world.minuteMs(e, 7), ...MINUTE });
    await agent.rounds();
    assert.deepEqual(await countedOf(nodeId), [], "the epoch lasts");
    assert.equal(agent.settlement.usageOf({ projectId: first, epoch: e })?.isSettled, false);
    await toEpoch(e + 1);
    await agent.rounds();
    const [batch, ...others] = await countedOf(nodeId);
    assert.ok(batch && others.length === 0);
    const twice = { requests: 2_000n, cpuMs: 1_000n, egressKiB: 4_097n, storedMiB: 0n };
    assert.deepEqual(
      batch.lines.map(({ projectId, requests, amount }) => [projectId, requests, amount]),
      [
        [first, 1_000n, PRICE],
        [second, 2_000n, amountOf(TEST_PRICES, CAP, twice)],
      ],
    );
    const statements = projectIds.map((projectId) =>
      parseStatement(JSON.parse(agent.settlement.statementText({ projectId, epoch: e }) ?? "")),
    );
    assert.equal(batch.statements, statementsDigest(statements.map(statementDigest)));
    assert.deepEqual(
      statements.map(({ minutes }) => minutes.length),
      [1, 2],
    );
    await agent.rounds();
    await toEpoch(e + 2);
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
    assert.deepEqual(agent.batches.openStatements(), []);
    assert.deepEqual(agent.batches.openBatches(), []);
    const usage = agent.settlement.usageOf({ projectId: second, epoch: e });
    assert.deepEqual([usage?.isSettled, usage?.totals.requests, usage?.minutes.length], [true, "2000", 2]);
  });

  it("nothing is signed for an epoch whose end is not final", async () => {
    const { nodeId, agent, e } = await served();
    world.finalBlock = await reader().publicClient.getBlockNumber();
    await toEpoch(e + 1);
    await agent.rounds();
    assert.deepEqual(agent.batches.openBatches(), []);
    assert.deepEqual(agent.outbox.list(""), []);
    world.finalBlock = undefined;
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
  });

  it("an epoch waits until the edge has closed it, and not for ever for a process that hangs", async () => {
    const { nodeId, projectIds, agent, e } = await served();
    world.closedEpoch = e - 1;
    await toEpoch(e + 1);
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 0);
    const late = { projectId: String(projectIds[0]), epoch: e, minuteMs: world.minuteMs(e, 59) };
    const counts = [{ ...late, requests: 1, egressBytes: 0 }];
    agent.meter.bookReport({ reporter: "edge", sequence: 1, closedEpoch: e, counts });
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 0, "another process may have counts yet");
    await world.chain.increaseTime({ seconds: 121 });
    await world.chain.mine({ blocks: 1 });
    await agent.rounds();
    assert.equal((await countedOf(nodeId))[0]?.lines[0]?.requests, 1_001n);
  });

  it("counts that come after the statement count in the epoch that is now", async () => {
    const { nodeId, projectIds, agent, e } = await served();
    await toEpoch(e + 1);
    await agent.rounds();
    const counts = [
      {
        projectId: String(projectIds[0]),
        epoch: e,
        minuteMs: world.minuteMs(e, 59),
        requests: 3,
        egressBytes: 5,
      },
    ];
    const late = { reporter: "spool", sequence: 9, closedEpoch: e, counts };
    assert.equal(agent.meter.bookReport(late), true);
    assert.equal(agent.meter.bookReport(late), false);
    await toEpoch(e + 2);
    await agent.rounds();
    assert.deepEqual(
      (await countedOf(nodeId)).map(({ epoch: of, lines }) => [of, lines[0]?.requests]),
      [
        [e, 1_000n],
        [e + 1, 3n],
      ],
    );
  });

  it("usage without a seat is dropped, and a project that used nothing gets no receipt", async () => {
    const { nodeId, agent, e } = await served();
    const other = await world.createProject(await world.register(), 5n * CAP);
    const idle = await world.createProject(nodeId, 5n * CAP);
    agent.usage.add({ projectId: other, epoch: e, minuteMs: world.minuteMs(e), ...MINUTE });
    agent.usage.add({
      projectId: idle,
      epoch: e,
      minuteMs: world.minuteMs(e),
      requests: 0,
      cpuMs: 0,
      egressBytes: 100,
    });
    await toEpoch(e + 1);
    await agent.rounds();
    assert.equal((await countedOf(nodeId))[0]?.lines.length, 1);
    assert.deepEqual(agent.usage.epochs(), []);
    const [warning] = warned(/dropped/);
    const told = [warning?.projectId, warning?.why, warning?.lost];
    assert.deepEqual(told, [String(other), "without a seat", formatAmount(PRICE)]);
    assert.deepEqual(agent.settlement.unpaid(), [{ why: "without a seat", count: 1, amount: PRICE }]);
  });

  it("a receipt without credit waits, is tried once an epoch, and counted when the credit comes", async () => {
    const { nodeId, projectIds, agent, e } = await served({ credits: [0n, 5n * CAP] });
    const [poor = 0n, rich = 0n] = projectIds;
    await toEpoch(e + 1);
    await agent.rounds();
    assert.deepEqual(
      (await countedOf(nodeId))[0]?.lines.map(({ projectId }) => projectId),
      [rich],
    );
    const text = agent.settlement.statementText({ projectId: poor, epoch: e });
    await world.deposit(poor, 5n * CAP);
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1, "not again in this epoch");
    await toEpoch(e + 2);
    await agent.rounds();
    const [, second] = await countedOf(nodeId);
    assert.deepEqual(second?.lines, [{ projectId: poor, ...USAGE, amount: PRICE }]);
    assert.equal(agent.settlement.statementText({ projectId: poor, epoch: e }), text);
    assert.equal(warned(/would not be counted/).length, 1);
  });

  it("a batch of which nothing would count is not sent; after the deadline its receipts are lost", async () => {
    const { nodeId, projectIds, agent, e } = await served({ credits: [0n] });
    const { late } = world.net.network.times;
    for (let n = e + 1; n <= e + late; n++) {
      await toEpoch(n);
      await agent.rounds(2);
    }
    assert.deepEqual(agent.outbox.list(""), []);
    assert.equal(warned(/would not be counted/).length, late);
    world.finalBlock = await reader().publicClient.getBlockNumber();
    await toEpoch(e + late + 1);
    await agent.rounds(2);
    assert.equal(warned(/lost/).length, 0, "a block in time may still hold it");
    world.finalBlock = undefined;
    await agent.rounds(2);
    const [lost, ...others] = warned(/lost/);
    assert.deepEqual(
      [lost?.projectId, lost?.lost, others.length],
      [String(projectIds[0]), formatAmount(PRICE), 0],
    );
    assert.deepEqual(await countedOf(nodeId), []);
    await agent.rounds(2);
    assert.equal(warned(/lost/).length, 1);
  });

  it("usage of an epoch whose deadline passed while the agent was away is lost, and said so", async () => {
    const { agent, e, nodeId } = await served();
    await toEpoch(e + world.net.network.times.late + 1);
    await agent.rounds();
    assert.deepEqual([warned(/dropped/)[0]?.why, warned(/dropped/)[0]?.lost], ["late", formatAmount(PRICE)]);
    assert.deepEqual(await countedOf(nodeId), []);
  });

  /** Two replicas of a project whose credit pays for one of them; the other one's agent takes it. */
  async function rivalry() {
    const { nodeId, agent, e } = await served({ credits: [] });
    const rivalId = await world.register();
    const { projectId } = await projects.createProjectOn(reader(), {
      domain: `rivals${nodeId}.example`,
      nodeIds: [nodeId, rivalId],
      cap: CAP,
    });
    await world.deposit(projectId, PRICE);
    const rival = await world.openAgent({ nodeId: rivalId });
    for (const { usage } of [agent, rival])
      usage.add({ projectId, epoch: e, minuteMs: world.minuteMs(e), ...MINUTE });
    return { nodeId, agent, e, projectId, rival };
  }

  it("a batch whose credit went before it was mined is sent again with the same bytes", async () => {
    const { nodeId, agent, e, projectId, rival } = await rivalry();
    await toEpoch(e + 1);
    await agent.settle();
    const [batch] = agent.batches.openBatches();
    assert.ok(batch);
    await rival.rounds();
    await agent.outbox.pass(new AbortController().signal);
    assert.equal(agent.outbox.find(`submit:${batch.id}`)?.error?.code, "NOTHING_COUNTED");
    await world.deposit(projectId, PRICE);
    await agent.rounds();
    assert.deepEqual(await countedOf(nodeId), [], "a transaction that failed has a rest");
    world.nowMs += 3_600_000;
    await agent.rounds();
    assert.deepEqual(
      (await countedOf(nodeId)).map(({ statements }) => statements),
      [batch.statements],
    );
  });

  it("a batch of which nothing can count any more is given up, and its receipts come in another one", async () => {
    const { nodeId, agent, e, projectId, rival } = await rivalry();
    await toEpoch(e + 1);
    await agent.settle();
    await rival.rounds();
    await agent.rounds();
    world.nowMs += 3_600_000;
    await agent.rounds();
    assert.deepEqual(agent.batches.openBatches(), []);
    await world.deposit(projectId, PRICE);
    await agent.rounds();
    assert.deepEqual(await countedOf(nodeId), []);
    await toEpoch(e + 2);
    await agent.rounds();
    assert.deepEqual((await countedOf(nodeId))[0]?.lines, [{ projectId, ...USAGE, amount: PRICE }]);
    assert.deepEqual(
      agent.outbox.list("submit:").map(({ state }) => state),
      ["failed", "final"],
    );
  });

  it("what a counted batch left out comes in a later one, by itself", async () => {
    const { nodeId, agent, e, projectId: shared, rival } = await rivalry();
    const rich = await world.createProject(nodeId, 5n * CAP);
    agent.usage.add({ projectId: rich, epoch: e, minuteMs: world.minuteMs(e), ...MINUTE });
    await toEpoch(e + 1);
    await agent.settle();
    await rival.rounds();
    await agent.rounds();
    await world.deposit(shared, PRICE);
    await agent.rounds();
    await toEpoch(e + 2);
    await agent.rounds();
    assert.deepEqual(
      (await countedOf(nodeId)).map(({ lines }) => lines.map(({ projectId }) => projectId)),
      [[rich], [shared]],
    );
    assert.deepEqual(agent.batches.openStatements(), []);
  });

  it("after the operator was rotated the same bytes are signed anew", async () => {
    const path = join(folder, "rotated.db");
    const { nodeId, agent, e } = await served({ path });
    const next = testAccount(6);
    await toEpoch(e + 1);
    await agent.settle();
    const [batch] = agent.batches.openBatches();
    assert.ok(batch);
    await setOperator(world.nodeOwner, { nodeId, operator: next.address });
    await agent.outbox.pass(new AbortController().signal);
    assert.equal(agent.outbox.find(`submit:${batch.id}`)?.error?.code, "WRONG_BATCH_SIGNATURE");
    agent.ledger.close();
    const successor = await world.openAgent({ nodeId, path, operator: next });
    world.nowMs += 3_600_000;
    await successor.rounds();
    assert.deepEqual(
      (await countedOf(nodeId)).map(({ statements }) => statements),
      [batch.statements],
    );
  });

  it("a batch that a reorganisation took out is counted all the same, once", async () => {
    const { nodeId, agent, e } = await served();
    await toEpoch(e + 1);
    world.finalBlock = await reader().publicClient.getBlockNumber();
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
    assert.equal(agent.batches.openBatches().length, 1, "it is not final");
    await world.chain.request({ method: "anvil_reorg", params: [1, []] } as never);
    assert.equal((await countedOf(nodeId)).length, 0);
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
    world.finalBlock = undefined;
    await agent.rounds();
    assert.deepEqual(agent.batches.openBatches(), []);
  });

  it("with the RPC away statements are written all the same, and sent when it is back, without hammering", async () => {
    let [isAway, questions] = [true, 0];
    const live = http(world.net.network.rpcUrls[0])({});
    const dead = http("http://127.0.0.1:1", { retryCount: 0 })({});
    const transport = custom(
      {
        request(args) {
          questions += 1;
          return (isAway ? dead : live).request(args);
        },
      },
      { retryCount: 0 },
    );
    const { nodeId, projectIds, agent, e } = await served({ transport });
    await toEpoch(e + 1);
    await agent.rounds();
    assert.ok(agent.settlement.statementText({ projectId: projectIds[0] ?? 0n, epoch: e }));
    const asked = questions;
    await agent.rounds();
    assert.equal(questions, asked);
    assert.match(JSON.stringify(warned(/waits for the chain/)[0]?.err), /"code":"RPC_UNREACHABLE"/);
    isAway = false;
    world.nowMs += 60_000;
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
  });

  it("submissions wait while they are paused", async () => {
    const { nodeId, agent, e } = await served();
    await toEpoch(e + 1);
    await pauseSubmissions(await world.net.as(testAccount(0)), {});
    await agent.rounds();
    assert.deepEqual(agent.outbox.list(""), []);
    await toEpoch(e + 2);
    await world.chain.increaseTime({ seconds: 60 });
    await world.chain.mine({ blocks: 1 });
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
  });

  it("what matured is claimed when enough epochs wait, and the node's owner has the money", async () => {
    const { projectIds, agent, e } = await served({ claimEveryEpochs: 2 });
    const [projectId = 0n] = projectIds;
    const { late, dispute } = world.net.network.times;
    const next = e + 1;
    agent.usage.add({ projectId, epoch: next, minuteMs: world.minuteMs(next), ...MINUTE });
    await toEpoch(next);
    await agent.rounds();
    await toEpoch(next + 1);
    await agent.rounds();
    const net = PRICE - feeOf(PRICE, TEST_PRICES.feeBps);
    assert.deepEqual(await agent.settlement.earned(), { pending: 2n * net, claimable: 0n, claimed: 0n });
    await toEpoch(e + late + dispute + 1);
    await agent.rounds();
    assert.deepEqual(await agent.settlement.earned(), { pending: net, claimable: net, claimed: 0n });
    const who = { who: testAccount(1).address };
    const before = await asset.balanceOf(reader(), who);
    await toEpoch(next + late + dispute + 1);
    await agent.rounds();
    assert.equal((await asset.balanceOf(reader(), who)) - before, 2n * net);
    assert.deepEqual(await agent.settlement.earned(), { pending: 0n, claimable: 0n, claimed: 2n * net });
    await toEpoch(next + late + dispute + 9);
    await agent.rounds();
    assert.equal(agent.outbox.list("claim:").length, 1);
  });

  it("what was released is claimed too, though no bucket is left", async () => {
    const { nodeId, projectIds, agent, e } = await served({ claimEveryEpochs: 2 });
    await toEpoch(e + 1);
    await agent.rounds();
    const [batch] = await countedOf(nodeId);
    assert.ok(batch && projectIds.length === 1);
    await settlement.release(reader(), { ...batch, index: 0 });
    const net = PRICE - feeOf(PRICE, TEST_PRICES.feeBps);
    await agent.rounds();
    assert.deepEqual(await agent.settlement.earned(), { pending: 0n, claimable: net, claimed: 0n });
    await toEpoch(e + 4);
    await agent.rounds();
    assert.deepEqual(await agent.settlement.earned(), { pending: 0n, claimable: 0n, claimed: net });
  });

  const saidOf = async (nodeId: number) => {
    const { presentUntil, leastCap } = await nodes.nodeOf(reader(), { nodeId });
    return { presentUntil, leastCap };
  };

  it("that the node lives, and which caps it takes, is said again before it ends, and at once where it is another", async () => {
    const nodeId = await world.register({ isPresent: false });
    const agent = await world.openAgent({ nodeId, presence: { epochs: 4, leastCap: 7n } });
    const e = await epoch();
    await agent.rounds();
    assert.deepEqual(await saidOf(nodeId), { presentUntil: e + 4, leastCap: 7n });
    await toEpoch(e + 2);
    await agent.rounds();
    assert.equal((await saidOf(nodeId)).presentUntil, e + 4);
    await toEpoch(e + 3);
    await agent.rounds();
    assert.equal((await saidOf(nodeId)).presentUntil, e + 7);
    const dearer = await world.openAgent({ nodeId, presence: { epochs: 4, leastCap: 8n } });
    await dearer.rounds();
    assert.deepEqual(await saidOf(nodeId), { presentUntil: e + 7, leastCap: 8n });
    const full = await world.openAgent({ nodeId, presence: { epochs: 4, isFull: true } });
    await full.rounds();
    assert.deepEqual(await saidOf(nodeId), { presentUntil: e + 7, leastCap: nodes.FULL });
    await toEpoch(e + 7);
    await full.rounds();
    assert.equal((await saidOf(nodeId)).presentUntil, e + 7, "without a seat it has nothing to lose");
  });

  it("a node that retires says nothing any more, in its last epoch and after it", async () => {
    const nodeId = await world.register({ isPresent: false });
    const agent = await world.openAgent({ nodeId, presence: { epochs: 4 } });
    await agent.rounds();
    const said = agent.outbox.list("present:").length;
    const { stake } = await nodes.nodeOf(reader(), { nodeId });
    await nodes.requestUnstake(world.nodeOwner, { nodeId, amount: stake });
    // It would say more at once.
    const restarted = await world.openAgent({ nodeId, presence: { epochs: 10 } });
    await restarted.rounds();
    await toEpoch((await epoch()) + 1);
    await restarted.rounds();
    assert.deepEqual([said, restarted.outbox.list("present:").length], [1, 0]);
  });

  it("a full node goes on being present as long as it has a seat, and gets no new one", async () => {
    const nodeId = await world.register({ isPresent: false });
    const e = await epoch();
    await (await world.openAgent({ nodeId, presence: { epochs: 4 } })).rounds();
    await world.createProject(nodeId, 0n);
    await toEpoch(e + 7);
    assert.equal(await nodes.isGone(reader(), { nodeId }), true);
    const full = await world.openAgent({ nodeId, presence: { epochs: 4, isFull: true } });
    await full.rounds();
    assert.equal(await nodes.isGone(reader(), { nodeId }), false);
    assert.deepEqual(await saidOf(nodeId), { presentUntil: e + 11, leastCap: nodes.FULL });
    await assert.rejects(world.createProject(nodeId, 0n), { code: "CAP_BELOW_LEAST" });
    await toEpoch(e + 10);
    await full.rounds();
    assert.equal((await saidOf(nodeId)).presentUntil, e + 14);
  });

  it("who does not speak for the node books on, and signs and sends nothing until it does", async () => {
    const { agent, e, nodeId } = await served();
    agent.refuse(new Error("another key"));
    await toEpoch(e + 1);
    await agent.rounds();
    assert.deepEqual(agent.batches.openBatches(), []);
    assert.ok(agent.batches.openStatements().length > 0, "the statement is written");
    assert.deepEqual(await countedOf(nodeId), []);
    agent.refuse(undefined);
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 1);
  });

  it("statements are kept until nobody can dispute them, and then forgotten", async () => {
    const { projectIds, agent, e } = await served();
    const key = { projectId: projectIds[0] ?? 0n, epoch: e };
    await toEpoch(e + 1);
    await agent.rounds();
    // An arbiter may have extended the decision.
    const { late, dispute, decide } = world.net.network.times;
    const kept = e + late + dispute + 2 * decide;
    await toEpoch(kept);
    await agent.rounds();
    assert.ok(agent.settlement.statementText(key));
    await toEpoch(kept + 1);
    await agent.rounds();
    assert.equal(agent.settlement.statementText(key), undefined);
    assert.equal(agent.settlement.usageOf(key), undefined);
  });

  it("wherever the agent dies between the end of an epoch and the submission, it is counted once", async () => {
    const nodeId = await world.register();
    const projectIds = [
      await world.createProject(nodeId, 90n * CAP),
      await world.createProject(nodeId, 90n * CAP),
    ];
    let points = crashPoints(1);
    for (let n = 1; n === 1 || points.crashed(); n++) {
      points = crashPoints(n);
      const path = join(folder, `crash${n}.db`);
      const e = await epoch();
      const first = await world.openAgent({ nodeId, path });
      for (const projectId of projectIds)
        first.usage.add({ projectId, epoch: e, minuteMs: world.minuteMs(e), ...MINUTE });
      first.ledger.close();
      await toEpoch(e + 1);
      const second = await world.openAgent({ nodeId, path, guard: points.guard });
      await second.settle().catch((error) => {
        if (!points.crashed()) throw error;
      });
      second.ledger.close();
      const third = await world.openAgent({ nodeId, path });
      await third.rounds(3);
      const counted = (await countedOf(nodeId)).filter(({ epoch: of }) => of === e);
      assert.deepEqual(
        counted.map(({ lines }) => lines.length),
        [2],
        `dead at place ${n}`,
      );
      assert.deepEqual([third.batches.openBatches(), third.usage.epochs()], [[], []], `dead at place ${n}`);
      third.ledger.close();
    }
    assert.ok(points.passed() > 25, `${points.passed()} places`);
  });
});
