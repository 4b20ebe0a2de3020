import { projectRegistry } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { defineView } from "../define.ts";
import type { ReadOptions } from "../read.ts";
import { currentEpoch } from "../settlement/epochs.ts";

interface EpochOf {
  readonly projectId: bigint;
  readonly epoch: number;
}

/**
 * What all seats together may charge for an epoch, by its own terms, in base units. Seats of nodes that are retired then are
 * none.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const budgetAt = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "budgetAt",
  args: ({ projectId, epoch }: EpochOf) => [projectId, epoch],
});

export interface ChargeableSeats {
  /** From 0, in order. */
  readonly seats: readonly number[];
  /** What each may charge, in base units. */
  readonly cap: bigint;
}

/**
 * The seats that may charge for an epoch, by its own terms: those of nodes that are retired then may not.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const chargeableSeats = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "chargeableSeats",
  args: ({ projectId, epoch }: EpochOf) => [projectId, epoch],
  result: ([seatBits, cap]): ChargeableSeats => ({
    seats: [0, 1, 2, 3, 4, 5, 6, 7].filter((seat) => (Number(seatBits) >> seat) & 1),
    cap: BigInt(cap),
  }),
});

/** What a project may be charged now and next, in base units. */
export interface Budgets {
  /** The current epoch. */
  readonly epoch: number;
  /** For the current epoch: a node serves it only while the available credit is as much. */
  readonly budget: bigint;
  /** For the next one: nodes fetch for it only while the available credit is as much as both. */
  readonly nextBudget: bigint;
}

/**
 * What a project may be charged in this epoch and the next, in two round trips.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function readBudgets(
  client: NetworkClient,
  { projectId, at }: { readonly projectId: bigint } & ReadOptions,
): Promise<Budgets> {
  const epoch = await currentEpoch(client, { at });
  const [budget, nextBudget] = await Promise.all([
    budgetAt(client, { projectId, epoch, at }),
    budgetAt(client, { projectId, epoch: epoch + 1, at }),
  ]);
  return { epoch, budget, nextBudget };
}
