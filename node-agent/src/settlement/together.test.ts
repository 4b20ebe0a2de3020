import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { amountOf, formatAmount, getFacts, nodes, projects } from "@worker3/sdk";
import { putMulticall, setOperator, TEST_PRICES, testAccount } from "@worker3/sdk/testing";
import type { Address } from "viem";
import { crashPoints } from "../testing/crashPoints.ts";
import { CAP, SettlementWorld } from "../testing/settlementWorld.ts";

const MINUTE = { requests: 1_000, cpuMs: 500, egressBytes: 2_098_000 };
const PRICE = amountOf(TEST_PRICES, CAP, { requests: 1_000n, cpuMs: 500n, egressKiB: 2_048n, storedMiB: 0n });
const TIMES = { late: 4, creditThaw: 6, stakeThaw: 19 };
const RIVAL = testAccount(6);

describe("settlement of several epochs in one transaction", function () {
  this.timeout(120_000);

  let world: SettlementWorld;
  let folder: string;
  let multicall: Address;
  const epoch = () => world.net.epoch();
  const toEpoch = (number: number) => world.net.toEpoch(number);
  type Agent = Awaited<ReturnType<SettlementWorld["openAgent"]>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-together-"));
    world = await SettlementWorld.create({ times: TIMES });
    multicall = await putMulticall(world.net.network.rpcUrls[0]);
  });
  after(async () => {
    await world?.net.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    world.finalBlock = undefined;
    world.nowMs += 86_400_000;
    world.warnings.length = 0;
    world.short.clear();
  });

  const countedOf = async (nodeId: number) => {
    const { publicClient, network } = world.projectOwner;
    const toBlock = await publicClient.getBlockNumber({ cacheTime: 0 });
    const facts = await getFacts({ client: publicClient, network, fromBlock: 0n, toBlock });
    return facts.flatMap((fact) =>
      fact.kind === "BatchCounted" && fact.args.nodeId === nodeId
        ? [{ ...fact.args, txHash: fact.txHash }]
        : [],
    );
  };
  const epochsOf = async (nodeId: number) => (await countedOf(nodeId)).map(({ epoch: of }) => of);
  const warned = (text: RegExp) => world.warnings.filter(({ message }) => text.test(message));
  const use = (agent: Agent, projectId: bigint, e: number, usage = MINUTE) =>
    agent.usage.add({ projectId, epoch: e, minuteMs: world.minuteMs(e), ...usage });

  /** A node with some projects, and its agent. */
  async function served({
    credits = [50n * CAP],
    ...options
  }: { credits?: bigint[] } & Partial<Parameters<SettlementWorld["openAgent"]>[0]> = {}) {
    const nodeId = await world.register();
    const projectIds: bigint[] = [];
    for (const credit of credits) projectIds.push(await world.createProject(nodeId, credit));
    const [first = 0n, second = 0n] = projectIds;
    const agent = await world.openAgent({ nodeId, ...options });
    return { nodeId, projectIds, first, second, agent, e: await epoch() };
  }
  /** Uses a project in some epochs, each of which ends, with all that happens by itself meanwhile. */
  async function spend(agent: Agent, projectIds: readonly bigint[], e: number, count: number): Promise<void> {
    for (let n = e; n < e + count; n++) {
      for (const projectId of projectIds) use(agent, projectId, n);
      await toEpoch(n + 1);
      await agent.rounds();
    }
  }

  it("three epochs are counted by one transaction, when the third is over", async () => {
    const { nodeId, projectIds, agent, e } = await served({ credits: [50n * CAP, 50n * CAP] });
    await spend(agent, projectIds, e, 2);
    assert.deepEqual(await countedOf(nodeId), [], "there is time for another epoch");
    await spend(agent, projectIds, e + 2, 1);
    const counted = await countedOf(nodeId);
    assert.deepEqual(
      counted.map(({ epoch: of, lines }) => [of, lines.length]),
      [
        [e, 2],
        [e + 1, 2],
        [e + 2, 2],
      ],
    );
    assert.equal(new Set(counted.map(({ txHash }) => txHash)).size, 1);
    await agent.rounds();
    assert.deepEqual([agent.batches.openBatches(), agent.batches.openStatements()], [[], []]);
    assert.deepEqual(
      agent.outbox.list("submit:").map(({ state }) => state),
      ["final"],
    );
  });

  it("an epoch waits for others no longer than until there is one epoch beside the last", async () => {
    const { nodeId, first, agent, e } = await served();
    use(agent, first, e);
    for (const n of [e + 1, e + 2]) {
      await toEpoch(n);
      await agent.rounds();
      assert.deepEqual(await epochsOf(nodeId), []);
    }
    await toEpoch(e + 3);
    await agent.rounds();
    assert.deepEqual(await epochsOf(nodeId), [e], "and e + 4 is left for a pause");
  });

  it("a chain without Multicall3 has each epoch by itself, and the agent says so once", async () => {
    const { nodeId, first, agent, e } = await served();
    await world.chain.setCode({ address: multicall, bytecode: "0x" });
    await spend(agent, [first], e, 2);
    await putMulticall(world.net.network.rpcUrls[0]);
    assert.deepEqual(await epochsOf(nodeId), [e, e + 1]);
    assert.equal(warned(/has no Multicall3/).length, 1);
  });

  it("nothing waits where the operator wants it so, or where the node retires", async () => {
    const { nodeId, first, agent, e } = await served({ epochsPerTransaction: 1 });
    await spend(agent, [first], e, 1);
    assert.deepEqual(await epochsOf(nodeId), [e]);
    const leaving = await served();
    await spend(leaving.agent, [leaving.first], leaving.e, 1);
    assert.deepEqual(await epochsOf(leaving.nodeId), []);
    const { stake } = await nodes.nodeOf(world.projectOwner, { nodeId: leaving.nodeId });
    await nodes.requestUnstake(world.nodeOwner, { nodeId: leaving.nodeId, amount: stake });
    await leaving.agent.rounds();
    assert.deepEqual(await epochsOf(leaving.nodeId), [leaving.e]);
  });

  it("receipts of a project whose credit gets short do not wait; the others do", async () => {
    const { nodeId, first, second, agent, e } = await served({ credits: [50n * CAP, 50n * CAP] });
    world.short.add(first);
    await spend(agent, [first, second], e, 1);
    const linesOf = async () =>
      (await countedOf(nodeId)).map(({ epoch: of, lines }) => [of, lines.map(({ projectId }) => projectId)]);
    assert.deepEqual(await linesOf(), [[e, [first]]]);
    world.short.clear();
    await spend(agent, [first, second], e + 1, 2);
    assert.deepEqual(await linesOf(), [
      [e, [first]],
      [e, [second]],
      [e + 1, [first, second]],
      [e + 2, [first, second]],
    ]);
  });

  it("credit that pays for some of the epochs counts those, and holds up no other project", async () => {
    const { nodeId, first, second, agent, e } = await served({ credits: [2n * PRICE, 50n * CAP] });
    await spend(agent, [first], e, 2);
    use(agent, second, e + 1);
    await spend(agent, [first], e + 2, 1);
    const [lines, left] = [
      (await countedOf(nodeId)).map((one) => one.lines.length),
      agent.batches.openStatements(),
    ];
    assert.deepEqual([lines, left.length], [[1, 2], 1], "the third epoch of the first waits for credit");
    await world.deposit(first, PRICE);
    await toEpoch(e + 4);
    await agent.rounds();
    assert.deepEqual(await epochsOf(nodeId), [e, e + 1, e + 2]);
  });

  it("a batch that the shared transaction did not count goes alone, and the others are counted by it", async () => {
    const { nodeId, first, agent, e } = await served();
    const rivalId = await world.register();
    await setOperator(world.nodeOwner, { nodeId: rivalId, operator: RIVAL.address });
    const { projectId: contested } = await projects.createProjectOn(world.projectOwner, {
      domain: `contested${nodeId}.example`,
      nodeIds: [nodeId, rivalId],
      cap: CAP,
    });
    await world.deposit(contested, PRICE);
    const rival = await world.openAgent({ nodeId: rivalId, operator: RIVAL, epochsPerTransaction: 1 });
    use(agent, first, e);
    await toEpoch(e + 1);
    use(agent, contested, e + 1);
    use(rival, contested, e + 1);
    await toEpoch(e + 2);
    use(agent, first, e + 2);
    await toEpoch(e + 3);
    // Signed and sent while all of it would count, and mined after the rival's took the credit.
    await world.chain.setAutomine(false);
    await agent.settle();
    await agent.outbox.pass(new AbortController().signal);
    const [sent] = agent.outbox.list("submit:");
    assert.ok(sent?.signed);
    await world.chain.dropTransaction({ hash: sent.signed.hash });
    await world.chain.setAutomine(true);
    await rival.rounds();
    await world.projectOwner.publicClient.sendRawTransaction({ serializedTransaction: sent.signed.raw });
    await agent.rounds(1);
    assert.deepEqual(await epochsOf(nodeId), [e, e + 2]);
    await world.deposit(contested, PRICE);
    await agent.rounds();
    assert.deepEqual(await epochsOf(nodeId), [e, e + 2, e + 1]);
    assert.equal(warned(/goes alone/).length, 1);
    await agent.rounds();
    assert.deepEqual([agent.batches.openBatches(), agent.batches.openStatements()], [[], []]);
  });

  it("what would be refused of a shared transaction costs no gas, and the rest goes at once", async () => {
    const path = join(folder, "rotated.db");
    const { nodeId, first, agent, e } = await served({ path });
    await spend(agent, [first], e, 2);
    use(agent, first, e + 2);
    await toEpoch(e + 3);
    await agent.settle();
    await setOperator(world.nodeOwner, { nodeId, operator: RIVAL.address });
    await agent.outbox.pass(new AbortController().signal);
    const [refused] = agent.outbox.list("submit:");
    assert.deepEqual([refused?.error?.code, refused?.signed], ["WRONG_BATCH_SIGNATURE", undefined]);
    const statements = agent.batches.openBatches().map((batch) => batch.statements);
    agent.ledger.close();
    const successor = await world.openAgent({ nodeId, path, operator: RIVAL });
    await successor.rounds();
    assert.deepEqual(
      (await countedOf(nodeId)).map((one) => one.statements),
      statements,
      "the same bytes, signed anew",
    );
    successor.ledger.close();
  });

  it("a shared transaction that a reorganisation took out is counted all the same, once", async () => {
    const { nodeId, first, agent, e } = await served();
    await spend(agent, [first], e, 2);
    use(agent, first, e + 2);
    await toEpoch(e + 3);
    world.finalBlock = await world.projectOwner.publicClient.getBlockNumber({ cacheTime: 0 });
    await agent.rounds();
    assert.equal((await countedOf(nodeId)).length, 3);
    await world.chain.request({ method: "anvil_reorg", params: [1, []] } as never);
    assert.equal((await countedOf(nodeId)).length, 0);
    await agent.rounds();
    assert.deepEqual(await epochsOf(nodeId), [e, e + 1, e + 2]);
    world.finalBlock = undefined;
    await agent.rounds();
    assert.deepEqual(agent.batches.openBatches(), []);
    assert.equal(agent.outbox.list("submit:").length, 1);
  });

  it("a receipt that does not pay its gas waits for the next transaction, and is dropped when it never pays", async () => {
    const {
      nodeId,
      first: rich,
      second: small,
      agent,
      e,
    } = await served({
      credits: [50n * CAP, 50n * CAP],
      assetPerGasToken: "100",
    });
    const tiny = { requests: 1, cpuMs: 0, egressBytes: 0 };
    use(agent, small, e, tiny);
    await spend(agent, [rich], e, 3);
    const linesOf = async () =>
      (await countedOf(nodeId)).flatMap(({ lines }) => lines.map((line) => line.projectId));
    assert.deepEqual(await linesOf(), [rich, rich, rich]);
    assert.deepEqual(agent.settlement.receipts(), { open: 1, openForGas: 1, lost: 0, lostForGas: 0 });
    await toEpoch(e + 4);
    await agent.rounds();
    assert.deepEqual(warned(/dropped/), [], "while it may be counted it is kept");
    await toEpoch(e + 5);
    await agent.rounds();
    const [dropped, ...others] = warned(/never paid its gas/);
    const pays = amountOf(TEST_PRICES, CAP, { requests: 1n, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n });
    assert.deepEqual(
      [dropped?.projectId, dropped?.epoch, dropped?.lost, others.length],
      [String(small), e, formatAmount(pays), 0],
    );
    assert.deepEqual(agent.settlement.receipts(), { open: 0, openForGas: 0, lost: 1, lostForGas: 1 });
  });

  it("a receipt that waited for its gas goes with the next transaction, if it is worth it there", async () => {
    const credits = Array.from({ length: 4 }, () => 50n * CAP);
    const { nodeId, projectIds, first: small, agent, e } = await served({ credits, assetPerGasToken: "8.6" });
    // It is tried alone at once.
    world.short.add(small);
    use(agent, small, e, { requests: 1, cpuMs: 0, egressBytes: 0 });
    await spend(agent, projectIds.slice(1), e, 1);
    assert.deepEqual(await epochsOf(nodeId), []);
    assert.equal(agent.settlement.receipts().openForGas, 1);
    await spend(agent, projectIds.slice(1), e + 1, 2);
    const [batch, ...others] = await countedOf(nodeId);
    assert.deepEqual(
      [batch?.epoch, batch?.lines.map(({ projectId }) => projectId), others.length],
      [e, projectIds, 2],
    );
    assert.equal(agent.settlement.receipts().openForGas, 0);
  });

  it("wherever the agent dies around a shared transaction, every epoch is counted once", async () => {
    const nodeId = await world.register();
    const projectId = await world.createProject(nodeId, 5_000n * CAP);
    let points = crashPoints(1);
    // Every second place: what comes before the batches is tried place by place in the tests of one epoch.
    for (let n = 1; n === 1 || points.crashed(); n += 2) {
      points = crashPoints(n);
      const path = join(folder, `crash${n}.db`);
      const e = await epoch();
      const first = await world.openAgent({ nodeId, path });
      for (const number of [e, e + 1, e + 2]) use(first, projectId, number);
      first.ledger.close();
      await toEpoch(e + 3);
      const second = await world.openAgent({ nodeId, path, guard: points.guard });
      await second.settle().catch((error) => {
        if (!points.crashed()) throw error;
      });
      second.ledger.close();
      const third = await world.openAgent({ nodeId, path });
      await third.rounds(3);
      const counted = (await countedOf(nodeId)).filter(({ epoch: of }) => of >= e);
      assert.deepEqual(
        counted.map(({ epoch: of }) => of),
        [e, e + 1, e + 2],
        `dead at place ${n}`,
      );
      assert.equal(new Set(counted.map(({ txHash }) => txHash)).size, 1, `dead at place ${n}`);
      assert.deepEqual([third.batches.openBatches(), third.usage.epochs()], [[], []], `dead at place ${n}`);
      third.ledger.close();
    }
    assert.ok(points.passed() > 25, `${points.passed()} places`);
  });
});
