import { formatAmount } from "../protocol/formatAmount.ts";
import { Worker3Error } from "./Worker3Error.ts";

export interface NoCreditParameters {
  readonly projectId: bigint;
  /** What may be counted on, in base units: see `escrow.available`. */
  readonly available: bigint;
  /** What one epoch may cost, in base units: see `projects.budgetOf`. */
  readonly budget: bigint;
}

/** `NO_CREDIT`: nodes serve a project only while its available credit pays the next epoch. */
export function noCreditError({ projectId, available, budget }: NoCreditParameters): Worker3Error {
  return new Worker3Error({
    code: "NO_CREDIT",
    message: `Project ${projectId} has ${formatAmount(available)} available; one epoch may cost ${formatAmount(budget)}.`,
    value: String(available),
    next: `worker3 credit deposit ${projectId} ${formatAmount(budget - available)}`,
  });
}
