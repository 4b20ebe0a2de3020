import assert from "node:assert/strict";
import { createTestClient, type Hex, http, keccak256, toHex } from "viem";
import { getFacts } from "../../events/getFacts.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { amountOf } from "../../protocol/amountOf.ts";
import { feeOf } from "../../protocol/feeOf.ts";
import { isSeatCounted, markRing, openRing } from "../../protocol/ring.ts";
import { batchHash } from "../../receipts/batchHash.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import { encodeReceipts } from "../../receipts/encodeReceipts.ts";
import type { Line, Receipt } from "../../receipts/receipt.ts";
import { isSignedBy } from "../../signing/isSignedBy.ts";
import { signRelease } from "../../signing/signRelease.ts";
import { signUsageBatch } from "../../signing/signUsageBatch.ts";
import { verifyRelease } from "../../signing/verifyRelease.ts";
import { verifyUploadIntent } from "../../signing/verifyUploadIntent.ts";
import { verifyUsageBatch } from "../../signing/verifyUsageBatch.ts";
import { testAccount } from "../../testing/accounts.ts";
import {
  collectFees,
  decide,
  extend,
  held,
  isBatch,
  isCounted,
  setMeter,
  setOperator,
} from "../../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { TEST_PRICES } from "../../testing/deployNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as escrow from "../escrow/index.ts";
import * as lens from "../lens/index.ts";
import * as nodes from "../nodes/index.ts";
import * as projects from "../projects/index.ts";
import * as settlement from "./index.ts";

const CAP = 1_000_000n;
const statements = keccak256(toHex("statements"));
/** A contract that vouches for every signature: it returns ERC-1271's magic value. */
const VOUCHES_FOR_ALL: Hex = `0x7f1626ba7e${"00".repeat(28)}5f5260205ff3`;
const MULTISIG = "0x00000000000000000000000000000000000a11ce";

describe("settlement on a chain", () => {
  let net: TestNetwork;
  let admin: NetworkWriter;
  let owner: NetworkWriter;
  let agent: NetworkWriter;
  const ownerAccount = testAccount(1);
  const operator = testAccount(2);
  const meter = testAccount(3);
  const nodeOwner = testAccount(0);
  const usage = { requests: 1_000n, cpuMs: 500n, egressKiB: 2_048n, storedMiB: 3_000n };
  const price = amountOf(TEST_PRICES, CAP, usage);
  /** What was counted, by epoch. */
  const counted = new Map<number, readonly Line[]>();

  /** Signs and submits one receipt for each project. */
  async function submit(epoch: number, projectIds: readonly bigint[], signer = operator) {
    const receipts: Receipt[] = projectIds.map((projectId) => ({ projectId, ...usage }));
    const batch = { nodeId: 1, epoch, statements, receipts: encodeReceipts(receipts) };
    const signature = await signUsageBatch({ network: net.network, signer, batch });
    return settlement.submit(agent, { ...batch, receipts, signature });
  }

  before(async () => {
    net = await createTestNetwork();
    [admin, owner, agent] = [await net.as(nodeOwner), await net.as(ownerAccount), await net.as(operator)];
    await nodes.register(admin, {
      operator: operator.address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 200_000_000n,
    });
    await nodes.setPresence(admin, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    for (const domain of ["a.example", "b.example", "c.example"]) {
      const { projectId } = await projects.createProjectOn(owner, { domain, nodeIds: [1], cap: CAP });
      if (domain !== "c.example") await escrow.deposit(owner, { projectId, amount: 50n * CAP });
    }
    await setMeter(owner, { projectId: 1n, meter: meter.address });
  });
  after(() => net.stop());

  it("usage of an epoch is not submitted while it lasts", async () => {
    await rejectsCode(submit(0, [1n]), "NOT_SUBMITTABLE");
    await net.toEpoch(1);
  });

  it("a batch by another key than the operator's does not count", async () => {
    const error = await rejectsCode(submit(0, [1n], ownerAccount), "WRONG_BATCH_SIGNATURE");
    assert.equal(error.value, operator.address);
  });

  it("a batch holds 256 receipts at most", async () => {
    const ids = Array.from({ length: 257 }, (_, i) => BigInt(i + 1));
    assert.match((await rejectsCode(submit(0, ids), "BATCH_HAS_WRONG_SIZE")).message, /8224 bytes.*256/);
    await rejectsCode(submit(0, []), "BATCH_HAS_WRONG_SIZE");
  });

  it("a batch charges each project its price, and says what it skipped and why", async () => {
    const ids = [2n, 99n, 1n, 3n, 1n, 3n];
    const receipts = ids.map((projectId) => ({ projectId, ...usage }));
    const preview = await settlement.previewBatch(agent, { nodeId: 1, epoch: 0, receipts });
    const result = await submit(0, ids);
    const line = { ...usage, amount: price };
    assert.deepEqual(result.lines, [
      { projectId: 2n, ...line },
      { projectId: 1n, ...line },
    ]);
    assert.deepEqual(result.skipped, [
      { projectId: 99n, reason: "NoSeat" },
      { projectId: 1n, reason: "AlreadyCounted" },
      { projectId: 3n, reason: "AlreadyCounted" },
      { projectId: 3n, reason: "TooLittleCredit" },
    ]);
    const skips = preview.map(({ skipped, amount }) => skipped ?? amount);
    assert.deepEqual(skips, [price, "NoSeat", price, "TooLittleCredit", "AlreadyCounted", "AlreadyCounted"]);
    counted.set(0, result.lines);
    assert.equal((await escrow.accountOf(owner, { projectId: 1n })).balance, 50n * CAP - price);
    assert.deepEqual(await settlement.pending(owner, { nodeId: 1, epoch: 0 }), {
      amount: 2n * price,
      feeBps: 500,
    });
    assert.equal(await held(owner), 2n * price);
  });

  it("a receipt counts once", async () => {
    await rejectsCode(submit(0, [1n, 2n]), "NOTHING_COUNTED");
    const receipts = [{ projectId: 1n, ...usage }];
    const [why] = await settlement.previewBatch(agent, { nodeId: 1, epoch: 0, receipts });
    assert.equal(why?.skipped, "AlreadyCounted");
  });

  it("the chain knows a batch by the hash of its lines", async () => {
    const lines = counted.get(0) ?? [];
    assert.equal(await isBatch(owner, { nodeId: 1, epoch: 0, statements, lines }), true);
    assert.equal(await isBatch(owner, { nodeId: 1, epoch: 0, statements, lines: lines.slice(1) }), false);
    const error = await rejectsCode(
      settlement.release(owner, { nodeId: 1, epoch: 0, statements, lines: lines.slice(1), index: 0 }),
      "UNKNOWN_BATCH",
    );
    assert.equal(
      error.value,
      batchHash({ nodeId: 1, epoch: 0, statements, lines: encodeLines(lines.slice(1)) }),
    );
  });

  it("the ring of a project is the model's", async () => {
    assert.equal(await settlement.ringOf(owner, { projectId: 1n }), markRing(openRing(0), 0, 0));
    await net.toEpoch(3);
    counted.set(2, (await submit(2, [1n, 2n])).lines);
    counted.set(1, (await submit(1, [1n, 2n])).lines);
    const model = [0, 2, 1].reduce((ring, epoch) => markRing(ring, epoch, 0), openRing(0));
    assert.equal(await settlement.ringOf(owner, { projectId: 1n }), model);
    for (const epoch of [0, 1, 2, 3]) {
      const onChain = await isCounted(owner, { projectId: 1n, epoch, seat: 0 });
      assert.equal(isSeatCounted(model, epoch, 0), onChain);
    }
  });

  it("the meter's signature releases a receipt; anyone may bring it", async () => {
    const lines = counted.get(0) ?? [];
    const call = { nodeId: 1, epoch: 0, statements, lines, index: 1 };
    await rejectsCode(settlement.release(agent, call), "NOT_RELEASABLE");
    const release = { projectId: 1n, nodeId: 1, epoch: 0, amount: price };
    const signature = await signRelease({ network: net.network, signer: meter, release });
    await verifyRelease({ network: net.network, release, signature, signer: meter.address });
    const result = await settlement.release(agent, { ...call, signature });
    assert.deepEqual([result.projectId, result.amount], [1n, price]);
    await rejectsCode(settlement.release(owner, call), "ALREADY_TOUCHED");
    await rejectsCode(settlement.release(owner, { ...call, index: 2 }), "NO_SUCH_LINE");
    const fee = feeOf(price, 500);
    assert.deepEqual(await settlement.payableOf(owner, { nodeId: 1 }), { amount: price - fee, fee });
    assert.deepEqual(await settlement.statusOf(owner, { projectId: 1n, nodeId: 1, epoch: 0 }), {
      status: "Released",
      dispute: undefined,
    });
  });

  it("a contract signs as operator, as meter and as owner (ERC-1271)", async () => {
    const chain = createTestClient({ mode: "anvil", transport: http(net.network.rpcUrls[0]) });
    await chain.setCode({ address: MULTISIG, bytecode: VOUCHES_FOR_ALL });
    await setMeter(owner, { projectId: 1n, meter: MULTISIG });
    const lines = counted.get(1) ?? [];
    const index = lines.findIndex(({ projectId }) => projectId === 1n);
    await settlement.release(agent, { nodeId: 1, epoch: 1, statements, lines, index, signature: "0xabcd" });

    const batch = { nodeId: 1, epoch: 0, statements, receipts: "0x" } as const;
    const signed = { network: net.network, batch, signature: "0xabcd", signer: MULTISIG } as const;
    await verifyUsageBatch({ ...signed, publicClient: owner.publicClient });
    await rejectsCode(verifyUsageBatch(signed), "SIGNATURE_WRONG");
    const { timestamp } = await owner.publicClient.getBlock();
    const intent = {
      projectId: 1n,
      owner: MULTISIG,
      digest: statements,
      bytes: 1n,
      deadline: timestamp,
    } as const;
    const asOwner = {
      network: net.network,
      intent,
      signature: "0xabcd",
      owner: MULTISIG,
      mayDeploy: () => false,
    } as const;
    const nowSeconds = Number(timestamp);
    assert.equal(
      await verifyUploadIntent({ ...asOwner, nowSeconds, publicClient: owner.publicClient }),
      MULTISIG,
    );

    const hash = keccak256("0x");
    // An account without code, and a contract that does not know the question, vouch for nothing.
    for (const signer of [meter.address, net.network.contracts.asset]) {
      assert.equal(
        await isSignedBy({ hash, signature: "0xabcd", signer, publicClient: owner.publicClient }),
        false,
      );
    }
  });

  it("a dispute freezes the amount; guilty gives it back and slashes", async () => {
    const lines = counted.get(2) ?? [];
    const index = lines.findIndex(({ projectId }) => projectId === 1n);
    const call = {
      nodeId: 1,
      epoch: 2,
      statements,
      lines,
      index,
      maxBond: 5_000_000n,
      reason: "other bytes than the CID",
    };
    await rejectsCode(settlement.dispute(agent, call), "NOT_PROJECT_OWNER");
    const little = settlement.dispute(owner, { ...call, maxBond: 4_999_999n });
    assert.match((await rejectsCode(little, "BOND_ABOVE_MOST")).message, /5.*4\.999999/);
    const found = await lens.findLine(owner, { lines, projectId: 1n });
    assert.deepEqual(found, { index, line: lines[index], bond: 5_000_000n });
    await rejectsCode(lens.findLine(owner, { lines, projectId: 77n }), "NO_LINE_OF");
    const before = (await escrow.accountOf(owner, { projectId: 1n })).balance;
    const opened = await settlement.dispute(owner, call);
    assert.deepEqual([opened.projectId, opened.amount, opened.bond], [1n, price, 5_000_000n]);
    const { status, dispute } = await settlement.statusOf(owner, { projectId: 1n, nodeId: 1, epoch: 2 });
    assert.equal(status, "Disputed");
    assert.deepEqual(
      [dispute?.openedIn, dispute?.disputer, dispute?.extended, dispute?.batchHash],
      [
        3,
        ownerAccount.address,
        false,
        batchHash({ nodeId: 1, epoch: 2, statements, lines: encodeLines(lines) }),
      ],
    );

    const receipt = { projectId: 1n, nodeId: 1, epoch: 2 };
    const guilty = { ...receipt, guilty: true, slash: 10_000_000n, reward: 5_000_000n };
    await rejectsCode(decide(owner, guilty), "NOT_ARBITER");
    await rejectsCode(settlement.draw(agent, receipt), "DRAW_TOO_EARLY");
    // A reward above half of the slash is cut to that.
    const decided = await decide(admin, { ...guilty, reward: 9_000_000n });
    assert.deepEqual([decided.slashed, decided.reward], [10_000_000n, 5_000_000n]);
    await rejectsCode(decide(admin, guilty), "NOT_DISPUTED");
    assert.equal((await escrow.accountOf(owner, { projectId: 1n })).balance, before + price);
    assert.equal((await nodes.nodeOf(owner, { nodeId: 1 })).stake, 190_000_000n);
    const to = testAccount(5).address;
    assert.equal((await escrow.collectRefund(owner, { to })).amount, 10_000_000n);
  });

  it("a dispute that nobody decides is drawn", async () => {
    const lines = counted.get(2) ?? [];
    const index = lines.findIndex(({ projectId }) => projectId === 2n);
    await settlement.dispute(owner, {
      nodeId: 1,
      epoch: 2,
      statements,
      lines,
      index,
      maxBond: 5_000_000n,
      reason: "slow",
    });
    const receipt = { projectId: 2n, nodeId: 1, epoch: 2 };
    assert.equal((await extend(admin, receipt)).lastEpoch, 3 + 5 + 5);
    await rejectsCode(extend(admin, receipt), "ALREADY_EXTENDED");
    assert.equal((await settlement.statusOf(owner, receipt)).dispute?.extended, true);
    await net.toEpoch(3 + 5 + 5);
    await rejectsCode(settlement.draw(agent, receipt), "DRAW_TOO_EARLY");
    await net.toEpoch(3 + 5 + 5 + 1);
    await settlement.draw(agent, { projectId: 2n, nodeId: 1, epoch: 2 });
    assert.equal(
      (await settlement.statusOf(owner, { projectId: 2n, nodeId: 1, epoch: 2 })).status,
      "Settled",
    );
    assert.equal(await escrow.refundOf(owner, { who: ownerAccount.address }), 5_000_000n);
  });

  it("a window that closed says until when it was open", async () => {
    const call = { nodeId: 1, epoch: 0, statements, lines: counted.get(0) ?? [], index: 0 };
    assert.match((await rejectsCode(settlement.release(owner, call), "WINDOW_CLOSED")).message, /epoch 7/);
  });

  it("what matured and what is payable is claimed, less the fee", async () => {
    // Released: project 1 in epochs 0 and 1. Drawn: project 2 in epoch 2. Matured: project 2 in epochs 0 and 1.
    const fee = 5n * feeOf(price, 500);
    const ready = await settlement.claimable(agent, { nodeId: 1, epochs: [0, 1, 2, 9] });
    assert.deepEqual(ready, { paid: 5n * price - fee, fee });
    const summary = await nodes.nodeSummary(agent, { nodeId: 1, epochs: [0, 1] });
    assert.equal(summary.payable.amount + summary.payable.fee, 3n * price);
    const claimed = await settlement.claim(agent, { nodeId: 1, epochs: [0, 1, 2, 9] });
    assert.deepEqual([claimed.paid, claimed.fee, claimed.epochs], [5n * price - fee, fee, [0, 1]]);
    await rejectsCode(settlement.claim(agent, { nodeId: 1, epochs: [0, 1, 2] }), "NOTHING_TO_CLAIM");
    // The drawn bond waits for the disputer, who was slashed nothing; fees hold the network's part of the slash too.
    assert.equal(await held(owner), 5_000_000n);
    assert.equal((await collectFees(agent)).amount, fee + 5_000_000n);
  });

  it("yesterday's operator signs nothing any more", async () => {
    await nodes.setPresence(admin, { nodeId: 1, untilEpoch: 30, leastCap: nodes.FULL });
    await setOperator(admin, { nodeId: 1, operator: meter.address });
    await rejectsCode(submit(12, [1n]), "WRONG_BATCH_SIGNATURE");
    const { lines } = await submit(12, [1n], meter);
    assert.equal(lines.length, 1);
  });

  it("a retired node's usage counts up to its last epoch", async () => {
    const epoch = await net.epoch();
    await nodes.requestUnstake(admin, { nodeId: 1, amount: 190_000_000n });
    await net.toEpoch(epoch + 2);
    const error = await rejectsCode(submit(epoch + 1, [1n], meter), "USAGE_AFTER_RETIREMENT");
    assert.match(error.message, new RegExp(`epoch ${epoch + 1} does not count`));
    assert.equal((await submit(epoch, [1n], meter)).lines.length, 1);
  });

  it("all of this is told by the logs, in order", async () => {
    const facts = await getFacts({
      client: owner.publicClient,
      network: net.network,
      fromBlock: 0n,
      toBlock: await owner.publicClient.getBlockNumber(),
    });
    const kinds = facts.filter(({ contract }) => contract === "usageSettlement").map(({ kind }) => kind);
    assert.deepEqual(kinds.filter((kind) => !/Set$|Updated$/.test(kind)).slice(0, 14), [
      "ReceiptSkipped",
      "ReceiptSkipped",
      "ReceiptSkipped",
      "ReceiptSkipped",
      "BatchCounted",
      "BatchCounted",
      "BatchCounted",
      "Released",
      "Released",
      "Disputed",
      "Decided",
      "Disputed",
      "Extended",
      "Drawn",
    ]);
    const skipped = facts.flatMap((fact) => (fact.kind === "ReceiptSkipped" ? [fact.args.reason] : []));
    assert.deepEqual(skipped, ["NoSeat", "AlreadyCounted", "AlreadyCounted", "TooLittleCredit"]);
    const batches = facts.flatMap((fact) => (fact.kind === "BatchCounted" ? [fact.args] : []));
    assert.deepEqual(
      batches.slice(0, 3).map(({ epoch, lines }) => [epoch, lines]),
      [
        [0, counted.get(0)],
        [2, counted.get(2)],
        [1, counted.get(1)],
      ],
    );
    const terms = facts.find((fact) => fact.kind === "TermsSet");
    assert.ok(terms?.kind === "TermsSet");
    assert.deepEqual([terms.args.cap, terms.args.nodeIds], [CAP, [1]]);
    const registered = facts.find((fact) => fact.kind === "NodeRegistered");
    assert.ok(registered?.kind === "NodeRegistered");
    assert.equal(registered.args.region, "weur");
    const disputed = facts.find((fact) => fact.kind === "Disputed");
    assert.ok(disputed?.kind === "Disputed");
    assert.equal(disputed.args.reason, "other bytes than the CID");
  });
});
