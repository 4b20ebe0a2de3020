import { epochAt } from "../protocol/epochAt.ts";
import type { Prices } from "../protocol/prices.ts";
import { countedSeats } from "../protocol/ring.ts";
import { capOf, unpackTerms } from "../protocol/terms.ts";
import type { Model, ModelAccount, ModelNode, ModelProject } from "./model.ts";

/** Whole epochs past its presence after which a node's seats are free to others. */
const GONE_AFTER = 2;
/** `leastCap` of a node that takes no new seats. */
export const FULL = 2n ** 40n - 1n;

/** The views of the contracts on the model: reads without a change. */

export function currentEpoch(model: Model): number {
  return epochAt(model.times, model.nowSeconds);
}

/** Undefined where there is no such node. */
export function nodeIn(model: Model, nodeId: number): ModelNode | undefined {
  return model.nodes[nodeId - 1];
}

/** Undefined where there is no such project. */
export function projectIn(model: Model, projectId: bigint): ModelProject | undefined {
  return model.projects[Number(projectId) - 1];
}

/** What an account has of the asset, in base units. */
export function walletOf(model: Model, account: ModelAccount): bigint {
  return model.wallets.get(account) ?? 0n;
}

/** What names a receipt among those that were counted. */
export function receiptKey(projectId: bigint, nodeId: number, epoch: number): string {
  return `${projectId}/${nodeId}/${epoch}`;
}

/** What names where `deploy` of an account to a domain outside the zone goes. */
export function targetKey(domain: string, account: ModelAccount): string {
  return `${domain}/${account}`;
}

/** What names a payment by signature: the payer and what the nonce is made of. */
export function authorizationKey(payment: {
  readonly from: ModelAccount;
  readonly projectId: bigint;
  readonly owner: ModelAccount;
  readonly salt: number;
}): string {
  return `${payment.from}/${payment.projectId}/${payment.owner}/${payment.salt}`;
}

/** The terms word by which a project's receipts of `epoch` are judged; 0 where it had none. */
export function termsAt(project: ModelProject | undefined, epoch: number): bigint {
  if (project === undefined) return 0n;
  if (Number(project.terms >> 232n) <= epoch) return project.terms;
  return project.pastTerms.findLast((word) => Number(word >> 232n) <= epoch) ?? 0n;
}

/** The price list of an epoch. */
export function pricesAt(model: Model, epoch: number): Prices {
  return epoch >= model.prices.fromEpoch ? model.prices : model.pricesBefore;
}

/** Whether others may take a node's seats: it retires in the next epoch at the latest, or was absent for two whole epochs. */
export function isGone(model: Model, node: ModelNode): boolean {
  const epoch = currentEpoch(model);
  if (node.retiredFrom !== 0 && node.retiredFrom <= epoch + 1) return true;
  return epoch > node.presentUntil + GONE_AFTER;
}

/** Whether enough new stake still takes the node's retirement back. */
export function isLiftable(model: Model, node: ModelNode): boolean {
  return node.isLiftable && currentEpoch(model) < node.retiredFrom;
}

/** Stake that backs seats, in base units. */
export function freeStakeOf(node: ModelNode): bigint {
  return node.retiredFrom === 0 ? node.stake - node.thawing : 0n;
}

/** The stake that a seat of `cap` needs, in base units. */
export function stakeFor(model: Model, cap: bigint): bigint {
  return model.nodeParameters.seatStakeFactor * cap;
}

/** What may be slashed of a node in this epoch: a share of its stake before the first slash in it. */
export function slashLeftOf(model: Model, { stake, slashes }: ModelNode): bigint {
  if (slashes.epoch === currentEpoch(model)) return slashes.left;
  return (stake * model.nodeParameters.maxSlashShareBps) / 10_000n;
}

/** What a project can be charged for an epoch: cap times the seats of nodes that are not retired in it. */
export function budgetAt(model: Model, project: ModelProject, epoch: number): bigint {
  return budgetBy(model, termsAt(project, epoch), epoch);
}

/** What all seats of a terms word may charge in an epoch. */
export function budgetBy(model: Model, terms: bigint, epoch: number): bigint {
  return capOf(terms) * BigInt(bitsIn(chargeableSeats(model, terms, epoch)));
}

/** Credit that a node may count on: less what thaws, less the cap of each seat that may still be submitted. */
export function availableOf(model: Model, project: ModelProject): bigint {
  const epoch = currentEpoch(model);
  let reserved = 0n;
  for (let past = Math.max(0, epoch - model.times.late); past < epoch; past++) {
    const terms = termsAt(project, past);
    const uncounted = chargeableSeats(model, terms, past) & ~countedSeats(project.ring, past);
    reserved += capOf(terms) * BigInt(bitsIn(uncounted));
  }
  const free = project.credit.balance - project.credit.thawing;
  return reserved < free ? free - reserved : 0n;
}

/** A bit for each taken seat whose node may charge for the epoch: those that were retired may not. */
function chargeableSeats(model: Model, terms: bigint, epoch: number): number {
  return unpackTerms(terms).nodeIds.reduce((bits, nodeId, seat) => {
    const node = nodeIn(model, nodeId);
    const isRetired = node !== undefined && node.retiredFrom !== 0 && epoch >= node.retiredFrom;
    return nodeId === 0 || isRetired ? bits : bits | (1 << seat);
  }, 0);
}

function bitsIn(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
