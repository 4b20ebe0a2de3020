import type { Prices } from "@worker3/sdk";
import { requestsFor } from "../../chain/prices.ts";
import { usd } from "../../text/usd.ts";

/** What the terms of a project set aside. Amounts in base units. */
export interface Terms {
  /** What one seat may charge in one epoch. */
  readonly cap: bigint;
  readonly seats: number;
  /** For how many epochs nodes may still charge later. */
  readonly late: number;
}

/** What keeps a project served: what may still be charged for the last `late` epochs, and one budget for the running one. */
export function reserveOf({ cap, seats, late }: Terms): bigint {
  return cap * BigInt(seats) * BigInt(late + 1);
}

/** What a first version deposits where nothing is said: the reserve, and as much again to be charged before more is due. */
export function defaultDeposit(terms: Terms): bigint {
  return 2n * reserveOf(terms);
}

/** What is reserved, why, and what for: for a person. */
export function reserveText(terms: Terms, prices: Prices): string {
  const { cap, seats, late } = terms;
  const nodes = seats === 1 ? "1 node" : `${seats} nodes`;
  const requests = requestsFor(prices, cap);
  const pays =
    requests === undefined
      ? ""
      : ` ${usd(cap)} pays ${requests} requests on a node in an epoch, less what CPU time, traffic and storage cost.`;
  return (
    `${usd(reserveOf(terms))} of the credit is reserved: each of ${nodes} may charge ${usd(cap)} an epoch, ` +
    `and may do so up to ${late} epochs later (${usd(cap)} x ${seats} x ${late + 1}). Nothing of it is spent before it is used.${pays}`
  );
}
