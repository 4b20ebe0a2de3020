import { countBatch } from "../protocol/countBatch.ts";
import { disputeWindow } from "../protocol/disputeWindow.ts";
import { feeOf } from "../protocol/feeOf.ts";
import { markRing, unmarkRing } from "../protocol/ring.ts";
import { seatOf } from "../protocol/terms.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import { MAX_RECEIPTS } from "../receipts/receipt.ts";
import { DONE, type ModelActions, type ModelOutcome, type ModelRules, refuse } from "./action.ts";
import type { Model, ModelNode, ModelReceipt } from "./model.ts";
import { slashNode } from "./nodeRules.ts";
import { canPay, give, lowerCredit, owe, raiseCredit, take } from "./tokens.ts";
import { currentEpoch, nodeIn, pricesAt, projectIn, receiptKey, termsAt } from "./views.ts";

type SettlementActionKind = "submit" | "release" | "dispute" | "decide" | "extend" | "draw" | "claim";
type NamedReceipt = Pick<ModelActions["draw"], "projectId" | "nodeId" | "epoch">;

/** Source: contracts/UsageSettlement.sol and contracts/settlement; refusals come in their order. */
export const settlementRules: ModelRules<SettlementActionKind> = {
  submit(model, { nodeId, epoch, receipts, signer }) {
    if (model.nowSeconds < model.pausedUntil.settlement) return refuse("PAUSED");
    if (receipts.length === 0 || receipts.length > MAX_RECEIPTS) return refuse("BATCH_HAS_WRONG_SIZE");
    const { firstSubmit, lastSubmit } = usageWindow(model.times, epoch);
    const now = currentEpoch(model);
    if (now < firstSubmit || now > lastSubmit) return refuse("NOT_SUBMITTABLE");
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("UNKNOWN_NODE");
    if (node.retiredFrom !== 0 && epoch >= node.retiredFrom) return refuse("USAGE_AFTER_RETIREMENT");
    if (signer !== node.operator) return refuse("WRONG_BATCH_SIGNATURE");
    return count(model, node, epoch, receipts);
  },

  release(model, action) {
    const receipt = touchable(model, action);
    if ("refused" in receipt) return receipt;
    const project = projectIn(model, action.projectId);
    const isAllowed =
      action.by === project?.owner || (action.signer !== undefined && action.signer === project?.meter);
    if (!isAllowed) return refuse("NOT_RELEASABLE");
    receipt.status = "released";
    const { node, bucket } = bucketOf(model, action);
    bucket.pending -= receipt.amount;
    makePayable(node, receipt.amount, bucket.feeBps);
    return DONE;
  },

  dispute(model, action) {
    const receipt = touchable(model, action);
    if ("refused" in receipt) return receipt;
    if (action.by !== projectIn(model, action.projectId)?.owner) return refuse("NOT_PROJECT_OWNER");
    const { minBond } = model.disputeParameters;
    const bond = receipt.amount > minBond ? receipt.amount : minBond;
    if (action.maxBond !== undefined && bond > action.maxBond) return refuse("BOND_ABOVE_MOST");
    if (!canPay(model, action.by, bond)) return refuse("INSUFFICIENT_BALANCE");
    take(model, action.by, bond);
    model.escrowTokens += bond;
    model.held += bond;
    const { bucket } = bucketOf(model, action);
    bucket.pending -= receipt.amount;
    receipt.status = "disputed";
    receipt.dispute = {
      openedIn: currentEpoch(model),
      isExtended: false,
      disputer: action.by,
      bond,
      feeBps: bucket.feeBps,
    };
    model.disputed.add(receipt);
    return DONE;
  },

  decide(model, action) {
    const refused = arbiterRefusal(model, action.by);
    if (refused) return refused;
    const { receipt, dispute } = disputed(model, action);
    if (receipt === undefined || dispute === undefined) return refuse("NOT_DISPUTED");
    if (currentEpoch(model) > windowOf(model, dispute).lastDecide) return refuse("DECISION_TOO_LATE");
    receipt.status = "settled";
    model.disputed.delete(receipt);
    const { node } = bucketOf(model, action);
    if (!action.guilty) {
      makePayable(node, receipt.amount, dispute.feeBps);
      makePayable(node, dispute.bond, 0);
      return DONE;
    }
    const project = projectIn(model, action.projectId);
    model.held -= receipt.amount;
    if (project !== undefined) raiseCredit(project.credit, receipt.amount, currentEpoch(model));
    owe(model, dispute.disputer, dispute.bond);
    // What is more than a bound is cut to it.
    const { maxSlash, slashFloor, slashFactor, rewardFactor } = model.disputeParameters;
    const slash = least(action.slash, maxSlash, slashFactor * receipt.amount + slashFloor);
    const reward = least(action.reward, slash / 2n, rewardFactor * dispute.bond);
    if (slash !== 0n) bookSlash(model, slashNode(model, node, slash), dispute.disputer, reward);
    return DONE;
  },

  extend(model, action) {
    const refused = arbiterRefusal(model, action.by);
    if (refused) return refused;
    const { dispute } = disputed(model, action);
    if (dispute === undefined) return refuse("NOT_DISPUTED");
    if (dispute.isExtended) return refuse("ALREADY_EXTENDED");
    if (currentEpoch(model) > windowOf(model, dispute).lastDecide) return refuse("DECISION_TOO_LATE");
    dispute.isExtended = true;
    return DONE;
  },

  draw(model, action) {
    const { receipt, dispute } = disputed(model, action);
    if (receipt === undefined || dispute === undefined) return refuse("NOT_DISPUTED");
    if (currentEpoch(model) < windowOf(model, dispute).firstDraw) return refuse("DRAW_TOO_EARLY");
    receipt.status = "settled";
    model.disputed.delete(receipt);
    makePayable(bucketOf(model, action).node, receipt.amount, dispute.feeBps);
    owe(model, dispute.disputer, dispute.bond);
    return DONE;
  },

  claim(model, { nodeId, epochs }) {
    const node = nodeIn(model, nodeId);
    if (node === undefined) return refuse("NOTHING_TO_CLAIM");
    const now = currentEpoch(model);
    let { amount: paid, fee: fees } = node.payable;
    const matured = new Set<number>();
    for (const epoch of epochs) {
      const bucket = node.buckets.get(epoch);
      if (bucket === undefined || bucket.pending === 0n || matured.has(epoch)) continue;
      if (now < usageWindow(model.times, epoch).firstClaim) continue;
      matured.add(epoch);
      const fee = feeOf(bucket.pending, bucket.feeBps);
      paid += bucket.pending - fee;
      fees += fee;
    }
    if (paid === 0n && fees === 0n) return refuse("NOTHING_TO_CLAIM");
    node.payable = { amount: 0n, fee: 0n };
    for (const epoch of matured) node.buckets.delete(epoch);
    model.held -= paid + fees;
    model.fees += fees;
    model.escrowTokens -= paid;
    give(model, node.owner, paid);
    return DONE;
  },
};

function count(
  model: Model,
  node: ModelNode,
  epoch: number,
  receipts: ModelActions["submit"]["receipts"],
): ModelOutcome {
  const { nodeId } = node;
  const prices = pricesAt(model, epoch);
  const projectOf = (projectId: bigint) => {
    const project = projectIn(model, projectId);
    return {
      terms: termsAt(project, epoch),
      ring: project?.ring ?? 0n,
      balance: project?.credit.balance ?? 0n,
    };
  };
  const counted = countBatch({ nodeId, epoch, prices, receipts, projectOf });
  if (counted.every(({ amount }) => amount === undefined)) return refuse("NOTHING_COUNTED");
  let total = 0n;
  for (const { receipt, amount, skipped } of counted) {
    const project = projectIn(model, receipt.projectId);
    if (project === undefined || skipped === "NoSeat" || skipped === "AlreadyCounted") continue;
    const seat = seatOf(termsAt(project, epoch), nodeId) ?? 0;
    const marked = markRing(project.ring, epoch, seat);
    // Too little credit takes the mark back; the ring's newest epoch stays where the mark moved it.
    project.ring = amount === undefined ? unmarkRing(marked, epoch, seat) : marked;
    if (amount === undefined) continue;
    lowerCredit(project.credit, amount);
    model.receipts.set(receiptKey(project.projectId, nodeId, epoch), {
      amount,
      status: "untouched",
      dispute: undefined,
    });
    total += amount;
  }
  const before = node.buckets.get(epoch)?.pending ?? 0n;
  node.buckets.set(epoch, { pending: before + total, feeBps: prices.feeBps });
  model.held += total;
  return DONE;
}

/** What was taken of a stake: a smaller slash gives a smaller reward. */
function bookSlash(model: Model, slashed: bigint, disputer: string, reward: bigint): void {
  model.escrowTokens += slashed;
  const share = least(reward, slashed / 2n);
  model.held += share;
  model.fees += slashed - share;
  if (share !== 0n) owe(model, disputer, share);
}

function arbiterRefusal(model: Model, by: string): ModelOutcome | undefined {
  if (by !== model.disputeParameters.arbiter) return refuse("NOT_ARBITER");
  return currentEpoch(model) < model.decisionsSuspendedUntil ? refuse("DECISIONS_ARE_SUSPENDED") : undefined;
}

function windowOf(model: Model, { openedIn, isExtended }: NonNullable<ModelReceipt["dispute"]>) {
  return disputeWindow(model.times, openedIn, isExtended);
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((smallest, amount) => (amount < smallest ? amount : smallest));
}

function touchable(model: Model, action: NamedReceipt): ModelReceipt | { readonly refused: string } {
  if (currentEpoch(model) > usageWindow(model.times, action.epoch).lastTouch)
    return { refused: "WINDOW_CLOSED" };
  const receipt = receiptOf(model, action);
  if (receipt === undefined) return { refused: "UNKNOWN_BATCH" };
  return receipt.status === "untouched" ? receipt : { refused: "ALREADY_TOUCHED" };
}

function disputed(
  model: Model,
  action: NamedReceipt,
): Partial<Pick<ModelReceipt, "dispute">> & { receipt?: ModelReceipt } {
  const receipt = receiptOf(model, action);
  return receipt?.status === "disputed" ? { receipt, dispute: receipt.dispute } : {};
}

function receiptOf(model: Model, { projectId, nodeId, epoch }: NamedReceipt): ModelReceipt | undefined {
  return model.receipts.get(receiptKey(projectId, nodeId, epoch));
}

/** The node and bucket of a receipt that was counted: both exist. */
function bucketOf(model: Model, { nodeId, epoch }: NamedReceipt) {
  const node = nodeIn(model, nodeId);
  if (node === undefined)
    throw new RangeError(`a receipt was counted for node ${nodeId}, which does not exist`);
  const bucket = node.buckets.get(epoch) ?? { pending: 0n, feeBps: 0 };
  return { node, bucket };
}

function makePayable(node: ModelNode, amount: bigint, feeBps: number): void {
  const fee = feeOf(amount, feeBps);
  node.payable.amount += amount - fee;
  node.payable.fee += fee;
}
