import { formatAmount } from "../protocol/formatAmount.ts";
import { Worker3Error } from "./Worker3Error.ts";

/** What a project's credit is, against what it may cost. Amounts in base units. */
export interface CreditFacts {
  /** What may be counted on: see `escrow.available`. */
  readonly available: bigint;
  /** What one epoch may cost: see `projects.budgetAt`. */
  readonly budget: bigint;
  /** The balance, less what was asked back: `available` and what is set aside. */
  readonly free: bigint;
  /** For how many epochs nodes may still charge later: see `Times`. */
  readonly late: number;
}

export interface NoCreditParameters extends CreditFacts {
  readonly projectId: bigint;
  /** What the owner asked back and may take into use again, in base units. */
  readonly thawing: bigint;
}

/**
 * What has to be deposited for a project to be served on, in base units; 0 where nothing is missing. What may still be charged for the last
 * `late` epochs is set aside, used or not, so that `late + 1` budgets last, and no less.
 */
export function missingCredit({ available, budget, free, late }: CreditFacts): bigint {
  const toLast = budget * BigInt(late + 1) - free;
  const toBegin = budget - available;
  const missing = toLast > toBegin ? toLast : toBegin;
  return missing > 0n ? missing : 0n;
}

/** `NO_CREDIT`: nodes serve a project only while its available credit pays the next epoch. */
export function noCreditError(parameters: NoCreditParameters): Worker3Error {
  const { projectId, available, budget, free, late, thawing } = parameters;
  const epochs = late === 1 ? "the last epoch" : `the last ${late} epochs`;
  const back =
    thawing > 0n ? ` ${formatAmount(thawing)} of its credit is asked back and does not count.` : "";
  return new Worker3Error({
    code: "NO_CREDIT",
    message:
      `Project ${projectId} has ${formatAmount(available)} available; one epoch may cost ${formatAmount(budget)}. ` +
      `It has ${formatAmount(free)} of credit, of which is set aside what nodes may still charge for ${epochs}: ${formatAmount(budget * BigInt(late + 1))} lasts.${back}`,
    value: String(available),
    next: nextStep(parameters),
  });
}

function nextStep({ projectId, thawing, ...facts }: NoCreditParameters): string {
  const deposit = (amount: bigint): string =>
    `worker3 credit deposit ${projectId} ${formatAmount(amount)}, then deploy again`;
  const missing = missingCredit(facts);
  if (thawing === 0n) return deposit(missing);
  const { available, free } = facts;
  const still = missingCredit({ ...facts, available: available + thawing, free: free + thawing });
  const cancel = `worker3 credit withdraw ${projectId} --cancel`;
  return still === 0n
    ? `${cancel}, which its owner can, then deploy again; or ${deposit(missing)}`
    : `${cancel}, which its owner can, and ${deposit(still)}; or ${deposit(missing)}`;
}
