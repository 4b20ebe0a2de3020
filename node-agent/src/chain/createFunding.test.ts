import assert from "node:assert/strict";
import { createNetworkClient, escrow, type NetworkClient } from "@worker3/sdk";
import type { RpcProxy } from "@worker3/sdk/testing";
import { testAccount } from "@worker3/sdk/testing";
import { projectTable } from "../ledger/projectTable.ts";
import { createFunding, type FundingView } from "./createFunding.ts";
import { FollowWorld, someCids } from "./testing/followWorld.ts";

describe("whether a project can pay", function () {
  this.timeout(60_000);

  const projectId = 1n;
  let world: FollowWorld;
  let [first, second]: RpcProxy[] = [];
  let funding: FundingView;

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
  beforeEach(() => {
    const projects = projectTable(world.tablesAt(":memory:").ledger);
    projects.own(projectId);
    assert.ok(first && second);
    first.tamper = undefined;
    second.tamper = undefined;
    funding = createFunding({ clients: [clientAt(first.url), clientAt(second.url)], projects });
  });

  it("is known by one answer where it can", async () => {
    assert.equal(funding.funded(projectId), undefined);
    const calls = second?.calls;
    assert.equal(await funding.refresh(projectId, 1), true);
    assert.equal(funding.funded(projectId), true);
    assert.equal(second?.calls, calls);
  });

  it("is not denied by one RPC alone: what was known holds", async () => {
    await funding.refresh(projectId, 1);
    lie(first, 0n);
    await assert.rejects(funding.refresh(projectId, 2), /tell different credit/);
    assert.equal(funding.funded(projectId), true);
    lie(second, 0n);
    assert.equal(await funding.refresh(projectId, 2), true);
    assert.equal(funding.funded(projectId), false);
  });

  it("is asked of the next RPC where one fails, and not denied while the other is away", async () => {
    assert.ok(first);
    first.tamper = () => {
      throw new Error("away");
    };
    assert.equal(await funding.refresh(projectId, 1), true);
    assert.equal(funding.funded(projectId), true);
    lie(second, 0n);
    await assert.rejects(funding.refresh(projectId, 2), { code: "RPC_UNREACHABLE" });
    assert.equal(funding.funded(projectId), true);
  });
});

const CREDIT = 987_654_321n;

/** An answer of the chain in which the project's credit is another one; both reads share a call. */
function withCredit(result: string, available: bigint): string {
  const word = (value: bigint) => value.toString(16).padStart(64, "0");
  return result.replaceAll(word(CREDIT), word(available));
}
