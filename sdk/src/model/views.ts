import { epochAt } from "../protocol/epochAt.ts";
import type { Prices } from "../protocol/prices.ts";
import { countedSeats } from "../protocol/ring.ts";
import { capOf, seatBits } from "../protocol/terms.ts";
import type { Model, ModelAccount, ModelNode, ModelProject } from "./model.ts";

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

/** Whether others may take a node's seats: it is retired, or its promise expired two whole epochs ago. */
export function isGone(model: Model, node: ModelNode): boolean {
  if (node.retiredFrom !== 0) return true;
  return node.acceptingUntil !== 0 && currentEpoch(model) > node.acceptingUntil + 2;
}

/** What a project can be charged in an epoch: cap times seats, the larger of this epoch's terms and the newest. */
export function budgetOf(model: Model, project: ModelProject): bigint {
  const [newest, current] = [project.terms, termsAt(project, currentEpoch(model))].map(budgetBy) as [
    bigint,
    bigint,
  ];
  return newest > current ? newest : current;
}

/** Credit that a node may count on: less what thaws, less the cap of each seat that may still be submitted. */
export function availableOf(model: Model, project: ModelProject): bigint {
  const epoch = currentEpoch(model);
  let reserved = 0n;
  for (let past = Math.max(0, epoch - model.times.late); past < epoch; past++) {
    const terms = termsAt(project, past);
    const uncounted = seatBits(terms) & ~countedSeats(project.ring, past);
    reserved += capOf(terms) * BigInt(bitsIn(uncounted));
  }
  const free = project.credit.balance - project.credit.thawing;
  return reserved < free ? free - reserved : 0n;
}

function budgetBy(terms: bigint): bigint {
  return capOf(terms) * BigInt(bitsIn(seatBits(terms)));
}

function bitsIn(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
