import assert from "node:assert/strict";
import { createNetworkClient, escrow, type NetworkClient, nodes, projects } from "@worker3/sdk";
import type { RpcProxy } from "@worker3/sdk/testing";
import { testAccount } from "@worker3/sdk/testing";
import { type Credit, type Funding, type ProjectTable, projectTable } from "../ledger/projectTable.ts";
import { createFunding, type FundingView, paysFor, paysForNext } from "./createFunding.ts";
import { FollowWorld, NODE, someCids } from "./testing/followWorld.ts";

describe("whether a project can pay", function () {
  this.timeout(60_000);

  const projectId = 1n;
  let world: FollowWorld;
  let [first, second]: RpcProxy[] = [];
  let funding: FundingView;
  let tables: ProjectTable;
  let epoch: number;

  const clientAt = (url: string): NetworkClient =>
    createNetworkClient({ network: { ...world.chain.network, rpcUrls: [url] } });
  const lie = (proxy: RpcProxy | undefined, available: bigint) => {
    assert.ok(proxy);
    proxy.tamper = ({ method }, result) =>
      method === "eth_call" ? withCredit(String(result), available) : undefined;
  };

  before(async () => {
    world = await FollowWorld.start();
    const [cid] = await someCids(1);
    await world.deploy(cid);
    const owner = await world.chain.as(testAccount(3));
    await escrow.deposit(owner, { projectId, amount: CREDIT });
    [first, second] = [world.proxy, await world.addProxy()];
  });
  after(() => world.stop());
  beforeEach(async () => {
    tables = projectTable(world.tablesAt(":memory:").ledger);
    tables.own(projectId);
    epoch = await world.chain.epoch();
    assert.ok(first && second);
    first.tamper = undefined;
    second.tamper = undefined;
    funding = createFunding({ clients: [clientAt(first.url), clientAt(second.url)], projects: tables });
  });

  const isFunded = () => funding.funded(projectId, epoch);
  async function next(): Promise<void> {
    epoch += 1;
    await world.chain.toEpoch(epoch);
  }

  it("is known by one answer where it can", async () => {
    assert.equal(isFunded(), undefined);
    const calls = second?.calls;
    assert.equal(await funding.refresh(projectId, epoch), true);
    assert.deepEqual([isFunded(), funding.fundedNext(projectId, epoch)], [true, true]);
    assert.equal(await funding.refresh(projectId, epoch), false);
    assert.equal(second?.calls, calls);
  });

  it("is not denied by one RPC alone: what was known holds", async () => {
    await funding.refresh(projectId, epoch);
    await next();
    lie(first, 0n);
    await assert.rejects(funding.refresh(projectId, epoch), /tell different credit/);
    assert.equal(isFunded(), true);
    lie(second, 0n);
    assert.equal(await funding.refresh(projectId, epoch), true);
    assert.equal(isFunded(), false);
  });

  it("is asked of the next RPC where one fails, and not denied while the other is away", async () => {
    assert.ok(first);
    first.tamper = () => {
      throw new Error("away");
    };
    assert.equal(await funding.refresh(projectId, epoch), true);
    assert.equal(isFunded(), true);
    await next();
    lie(second, 0n);
    await assert.rejects(funding.refresh(projectId, epoch), { code: "RPC_UNREACHABLE" });
    assert.equal(isFunded(), true);
  });

  it("is not told by a block of the epoch before, whose own budget is not set aside in it yet", async () => {
    await assert.rejects(funding.refresh(projectId, epoch + 1), { code: "EPOCH_NOT_REACHED" });
    assert.equal(funding.funded(projectId, epoch + 1), undefined);
  });

  it("is by the epoch's own terms, without seats of nodes that are retired in it; and of both, to get ready for the next", async () => {
    const owner = await world.chain.as(testAccount(3));
    const nodeOwner = await world.chain.as(testAccount(1));
    lie(first, CAP);
    await funding.refresh(projectId, epoch);
    assert.deepEqual([isFunded(), funding.fundedNext(projectId, epoch)], [true, false]);
    const asked = async () => {
      tables.forgetFunding(projectId);
      await funding.refresh(projectId, epoch);
      return [isFunded(), funding.fundedNext(projectId, epoch)];
    };
    await projects.setBudget(owner, { projectId, cap: 2n * CAP });
    lie(first, 3n * CAP - 1n);
    assert.deepEqual(await asked(), [true, false]);
    lie(first, 3n * CAP);
    assert.deepEqual(await asked(), [true, true]);
    await nodes.requestUnstake(nodeOwner, { nodeId: NODE, amount: 1_000_000_000n });
    lie(first, CAP);
    assert.deepEqual(await asked(), [true, true], "its node is retired in the next");
  });
});

describe("what an answer tells of an epoch", () => {
  const credit = (available: bigint, budget: bigint, nextBudget: bigint) => ({
    available,
    budget,
    nextBudget,
  });
  const of = (epoch: number, known: Credit | undefined) => ({ epoch, credit: known, generation: 0 });
  const table: [rule: string, funding: Funding, now: boolean | undefined, next: boolean | undefined][] = [
    ["nothing before the first", of(-1, undefined), undefined, undefined],
    ["of this epoch: enough for both", of(5, credit(10n, 6n, 4n)), true, true],
    ["of this epoch: enough for this one", of(5, credit(9n, 6n, 4n)), true, false],
    ["of this epoch: not enough", of(5, credit(5n, 6n, 0n)), false, false],
    [
      "of the epoch before: what paid for both pays for this one",
      of(4, credit(10n, 6n, 4n)),
      true,
      undefined,
    ],
    ["of the epoch before: nothing else", of(4, credit(9n, 6n, 4n)), undefined, undefined],
    ["of the epoch before: nor that it does not pay", of(4, credit(0n, 6n, 4n)), undefined, undefined],
    ["before a fact touched it: what paid for both still does", of(-1, credit(10n, 6n, 4n)), true, undefined],
  ];
  for (const [rule, funding, now, next] of table)
    it(rule, () => assert.deepEqual([paysFor(funding, 5), paysForNext(funding, 5)], [now, next]));
});

const CREDIT = 987_654_321n;

/** What one seat may charge in an epoch: so much is set aside for each that may still be charged. */
const CAP = 1_000_000n;

/** An answer of the chain in which the project's credit is another one; all reads share a call. */
function withCredit(result: string, available: bigint): string {
  const word = (value: bigint) => value.toString(16).padStart(64, "0");
  const told = [0n, 1n, 2n, 3n, 4n].map((epochs) => word(CREDIT - epochs * CAP));
  return told.reduce((text, one) => text.replaceAll(one, word(available)), result);
}
