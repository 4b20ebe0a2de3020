import assert from "node:assert/strict";
import { encodeFunctionData, getAddress, type Hex } from "viem";
import { announceAndWait } from "../support/governance.ts";
import { disputeParametersOf } from "../support/hostile.ts";
import { networkHelpers, viem } from "../support/network.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  fundWallet,
  lineAmount,
  nextEpoch,
  submitUsage,
  USD,
} from "../support/scenario.ts";
import { batchHash, STATUS, serving } from "../support/settlement.ts";

const BOND = 5n * USD;
/** What the arbiter holds possible for one seat and epoch. */
const MOST_REQUESTS = 1_000n;

/** The arbiter is a contract. One of two receipts in a batch says more than it holds possible; both are disputed. */
async function withContract() {
  const t = await serving();
  const arbiter = await viem.deployContract("LineArbiter", [t.settlement.address, MOST_REQUESTS]);
  const args = [{ ...disputeParametersOf(t), arbiter: arbiter.address }] as const;
  const { abi } = t.settlement;
  await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  await t.settlement.write.setParameters(args, { account: t.admin.account });

  const { nodeId, projectId: honest } = t;
  const inflated = await createProject(t, { nodeIds: [nodeId] });
  const epoch = await currentEpoch(t);
  await nextEpoch(t);
  const receipts = [
    { projectId: honest, requests: MOST_REQUESTS },
    { projectId: inflated, requests: MOST_REQUESTS + 1n },
  ];
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts });
  await fundWallet(t, t.owner, 2n * BOND);
  for (const index of [0n, 1n]) {
    await t.settlement.write.dispute([nodeId, epoch, statements, lines, index, BOND, ""], {
      account: t.owner.account,
    });
  }
  return { ...t, contract: arbiter, honest, inflated, epoch, statements, lines };
}
type WithContract = Awaited<ReturnType<typeof withContract>>;

const judge = (t: WithContract, projectId: bigint, index: bigint, lines: Hex = t.lines) =>
  t.contract.write.judge([projectId, t.nodeId, t.epoch, t.statements, lines, index], {
    account: t.stranger.account,
  });

describe("An arbiter that is a contract", () => {
  it("finds the disputed line by what the chain says, and decides by its figures", async () => {
    const t = await networkHelpers.loadFixture(withContract);
    const amount = lineAmount(t.lines, 1);
    const slash = 100n * amount + 5n * USD;
    await assertions.emitWithArgs(judge(t, t.inflated, 1n), t.settlement, "Decided", [
      t.inflated,
      t.nodeId,
      t.epoch,
      true,
      slash,
      slash / 2n,
    ]);
    await assertions.emitWithArgs(judge(t, t.honest, 0n), t.settlement, "Decided", [
      t.honest,
      t.nodeId,
      t.epoch,
      false,
      0n,
      0n,
    ]);
    const { statusOf } = t.settlement.read;
    for (const projectId of [t.honest, t.inflated]) {
      assert.equal((await statusOf([projectId, t.nodeId, t.epoch])).status, STATUS.settled);
    }
  });

  it("is told by the dispute which batch that is, so that nobody shows it another", async () => {
    const t = await networkHelpers.loadFixture(withContract);
    const { batchHash: disputed } = await t.settlement.read.statusOf([t.inflated, t.nodeId, t.epoch]);
    assert.equal(disputed, batchHash(t));
    assert.equal(
      await t.settlement.read.batchHashOf([t.nodeId, t.epoch, t.statements, t.lines]),
      batchHash(t),
    );
    const forged = `${t.lines.slice(0, -2)}00` as Hex;
    await assertions.revertWithCustomErrorWithArgs(
      judge(t, t.inflated, 1n, forged),
      t.contract,
      "WrongBatch",
      [batchHash({ ...t, lines: forged }), disputed],
    );
    await assertions.revertWithCustomErrorWithArgs(judge(t, t.inflated, 0n), t.contract, "WrongLine", [
      t.honest,
      lineAmount(t.lines),
    ]);
  });

  it("takes more time for one of them", async () => {
    const t = await networkHelpers.loadFixture(withContract);
    await t.contract.write.extend([t.inflated, t.nodeId, t.epoch]);
    await nextEpoch(t, 6);
    await assertions.emit(judge(t, t.inflated, 1n), t.settlement, "Decided");
    await assertions.revertWithCustomError(judge(t, t.honest, 0n), t.settlement, "DecisionTooLate");
  });

  it("is the only one that decides", async () => {
    const t = await networkHelpers.loadFixture(withContract);
    await assertions.revertWithCustomErrorWithArgs(
      t.settlement.write.decide([t.honest, t.nodeId, t.epoch, true, 0n, 0n], { account: t.arbiter.account }),
      t.settlement,
      "NotArbiter",
      [addressOf(t.arbiter), getAddress(t.contract.address)],
    );
  });
});
