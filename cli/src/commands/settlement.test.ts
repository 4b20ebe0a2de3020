import assert from "node:assert/strict";
import {
  amountOf,
  asset,
  encodeReceipts,
  escrow,
  type NetworkWriter,
  projects,
  settlement,
  signUsageBatch,
} from "@worker3/sdk";
import { decide, TEST_PRICES } from "@worker3/sdk/testing";
import { keccak256, toHex } from "viem";
import { type NodeDouble, playNode } from "../testing/playNode.ts";
import { OPERATOR, startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

const CAP = 1_000_000n;
const statements = keccak256(toHex("statements"));
const usage = { requests: 1_000n, cpuMs: 500n, egressKiB: 2_048n, storedMiB: 512n };
const price = amountOf(TEST_PRICES, CAP, usage);

describe("commands about money between projects and nodes, on a chain", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let first: NodeDouble;
  let second: NodeDouble;
  let agent: NetworkWriter;

  /** What an agent does after an epoch. */
  async function submit(nodeId: number, epoch: number, projectIds: readonly bigint[]): Promise<string> {
    const receipts = projectIds.map((projectId) => ({ projectId, ...usage }));
    const batch = { nodeId, epoch, statements, receipts: encodeReceipts(receipts) };
    const signature = await signUsageBatch({ network: chain.net.network, signer: OPERATOR, batch });
    return (await settlement.submit(agent, { ...batch, receipts, signature })).txHash;
  }

  before(async () => {
    first = await playNode(1);
    second = await playNode(2);
    chain = await startTestChain([first.endpoint, second.endpoint]);
    agent = await chain.net.as(OPERATOR);
    for (const domain of ["a.example", "b.example"]) {
      const { projectId } = await projects.createProjectOn(chain.owner, {
        domain,
        nodeIds: [1, 2],
        cap: CAP,
      });
      await escrow.deposit(chain.owner, { projectId, amount: 50n * CAP });
    }
  });
  after(async () => {
    await chain[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
  });

  it("usage of the running epoch comes from the nodes, priced; a node that is silent is named", async () => {
    first.node.usage.set("1/0", { requests: "1000", cpuMs: "500", egressKiB: "2048", storedMiB: "512" });
    const { projectId, epochs } = await chain.worker3.json("usage", "1");
    assert.equal(projectId, "1");
    assert.deepEqual(epochs, [
      {
        epoch: 0,
        nodes: [
          {
            nodeId: 1,
            requests: "1000",
            cpuMs: "500",
            egressKiB: "2048",
            storedMiB: "512",
            amount: String(price),
            state: "open",
          },
        ],
        silent: [{ nodeId: 2, code: "NODE_REFUSED" }],
      },
    ]);
  });

  it("usage and receipts of a counted epoch come from the chain", async () => {
    await chain.net.toEpoch(1);
    const txHash = await submit(1, 0, [2n, 1n]);
    const { epochs } = await chain.worker3.json("usage", "1", "--epochs", "2");
    assert.deepEqual(
      epochs.map(({ epoch, nodes }: { epoch: number; nodes: object[] }) => [epoch, nodes]),
      [
        [1, []],
        [
          0,
          [
            {
              nodeId: 1,
              requests: "1000",
              cpuMs: "500",
              egressKiB: "2048",
              storedMiB: "512",
              amount: String(price),
              state: "pending",
            },
          ],
        ],
      ],
    );
    const [ofProject, ofNode, ofBoth, ofOther] = await Promise.all([
      chain.worker3.json("receipts", "1"),
      chain.worker3.json("receipts", "--node", "1"),
      chain.worker3.json("receipts", "2", "--node", "1"),
      chain.worker3.json("receipts", "--node", "2"),
    ]);
    const receipt = {
      projectId: "1",
      nodeId: 1,
      epoch: 0,
      requests: "1000",
      cpuMs: "500",
      egressKiB: "2048",
      storedMiB: "512",
      charged: String(price),
      state: "pending",
      txHash,
    };
    assert.deepEqual(ofProject, { receipts: [receipt] });
    assert.deepEqual(ofNode, { receipts: [{ ...receipt, projectId: "2" }, receipt] });
    assert.deepEqual(ofBoth, { receipts: [{ ...receipt, projectId: "2" }] });
    assert.deepEqual(ofOther, { receipts: [] });
  });

  it("receipts of nobody, of an unknown node and of an unknown project are three errors", async () => {
    const [nobody, node, project] = await Promise.all([
      chain.worker3.error(2, "receipts"),
      chain.worker3.error(1, "receipts", "--node", "77"),
      chain.worker3.error(1, "receipts", "77"),
    ]);
    assert.deepEqual([nobody.code, node.code, project.code], ["USAGE", "UNKNOWN_NODE", "UNKNOWN_PROJECT"]);
  });

  it("release accepts a receipt of any place in its batch, once", async () => {
    const { worker3 } = chain;
    const done = await worker3.json("release", "1", "--node", "1", "--epoch", "0", "--yes");
    assert.equal(done.amount, String(price));
    assert.match(done.txHash, /^0x[0-9a-f]{64}$/);
    const [again, unknown, unasked] = await Promise.all([
      worker3.error(1, "release", "1", "--node", "1", "--epoch", "0", "--yes"),
      worker3.error(1, "release", "1", "--node", "2", "--epoch", "0", "--yes"),
      worker3.error(2, "release", "2", "--node", "1", "--epoch", "0"),
    ]);
    assert.deepEqual(
      [again.code, unknown.code, unasked.code],
      ["ALREADY_TOUCHED", "RECEIPT_UNKNOWN", "CONFIRMATION_NEEDED"],
    );
    const { receipts } = await worker3.json("receipts", "1");
    assert.equal(receipts[0].state, "released");
  });

  it("a dispute that would be refused approves no bond", async () => {
    const { worker3, owner, ownerKey } = chain;
    const spender = owner.network.contracts.creditEscrow;
    await asset.approve(owner, { spender, amount: 0n });
    const late = ["dispute", "1", "--node", "1", "--epoch", "0", "--reason", "too late", "--yes"];
    assert.equal((await worker3.error(1, ...late)).code, "ALREADY_TOUCHED");
    assert.equal(await asset.allowanceOf(owner, { owner: ownerKey.account.address, spender }), 0n);
  });

  it("dispute shows its bond before it takes it", async () => {
    const { worker3 } = chain;
    const args = ["dispute", "2", "--node", "1", "--epoch", "0", "--reason", "nobody was there"];
    const unasked = await worker3.error(2, ...args);
    assert.deepEqual([unasked.code, unasked.value], ["CONFIRMATION_NEEDED", "a bond of 5 USD"]);
    assert.equal((await worker3.error(2, ...args.slice(0, -2))).code, "USAGE", "without a reason");
    const dear = await worker3.error(1, ...args, "--max-bond", "4.99", "--yes");
    assert.deepEqual([dear.code, dear.value], ["BOND_ABOVE_MOST", "5000000"]);
    const done = await worker3.json(...args, "--yes");
    assert.deepEqual([done.amount, done.bond], [String(price), "5000000"]);
    assert.equal((await worker3.json("receipts", "2")).receipts[0].state, "disputed");
  });

  it("a decision for the owner makes the receipt refunded", async () => {
    await decide(chain.admin, {
      projectId: 2n,
      nodeId: 1,
      epoch: 0,
      guilty: true,
      slash: 0n,
      reward: 0n,
    });
    assert.equal((await chain.worker3.json("receipts", "2")).receipts[0].state, "refunded");
  });

  it("what a dispute left is collected, by the account that it is owed to, for whom it names", async () => {
    const { worker3, owner } = chain;
    const to = testKey().account.address;
    const unasked = await worker3.error(2, "credit", "refund", "--to", to);
    assert.equal(unasked.code, "CONFIRMATION_NEEDED");
    const done = await worker3.json("credit", "refund", "--to", to, "--yes");
    assert.deepEqual([done.to, done.amount], [to, "5000000"]);
    assert.equal(await asset.balanceOf(owner, { who: to }), 5_000_000n, "the bond");
    assert.equal((await worker3.error(1, "credit", "refund")).code, "NOTHING_OWED");
  });

  it("claim pays what was released and what has matured, and then nothing more", async () => {
    const { worker3, net } = chain;
    await submit(2, 0, [1n, 2n]);
    await net.toEpoch(8);
    const before = await worker3.json("receipts", "--node", "2");
    assert.deepEqual(
      before.receipts.map(({ state }: { state: string }) => state),
      ["claimable", "claimable"],
    );
    const [one, two] = [
      await worker3.json("node", "claim", "--node", "1"),
      await worker3.json("node", "claim", "--node", "2"),
    ];
    const fee = (price * 500n + 9_999n) / 10_000n;
    assert.deepEqual([one.epochs, BigInt(one.paid) + BigInt(one.fee)], [[], price]);
    assert.equal(BigInt(one.fee), fee);
    assert.deepEqual([two.epochs, BigInt(two.paid) + BigInt(two.fee)], [[0], 2n * price]);
    const after = await worker3.json("receipts", "--node", "2");
    assert.equal(after.receipts[0].state, "claimed");
    assert.equal((await worker3.error(1, "node", "claim", "--node", "2")).code, "NOTHING_TO_CLAIM");
  });
});
