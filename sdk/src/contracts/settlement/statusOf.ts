import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/** What became of a counted receipt, in the order of the contract's enum. `Settled`: a dispute was decided or drawn. */
export const STATUSES = ["Untouched", "Released", "Disputed", "Settled"] as const;

export type Status = (typeof STATUSES)[number];

/** A dispute. Amounts in base units. */
export interface Dispute {
  /** The epoch of the dispute, see `disputeWindow`. */
  readonly openedIn: number;
  readonly disputer: Address;
  readonly bond: bigint;
  /** What the receipt was charged. */
  readonly amount: bigint;
  /** The network's share of it, in 1/10000. */
  readonly feeBps: number;
}

export interface StatusOf {
  readonly status: Status;
  /** Undefined where the receipt was never disputed. */
  readonly dispute: Dispute | undefined;
}

export interface StatusOfParameters extends ReadOptions {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
}

/**
 * What became of the counted receipt of a node for a project in an epoch, with its dispute if it had one.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function statusOf(client: NetworkClient, parameters: StatusOfParameters): Promise<StatusOf> {
  const { projectId, nodeId, epoch, at } = parameters;
  const call = {
    ...usageSettlement(client),
    functionName: "statusOf",
    args: [projectId, nodeId, epoch],
  } as const;
  const { status: number, ...dispute } = await readView(client, call, { at });
  const status = STATUSES[number];
  if (status === undefined) throw new RangeError(`there is no status ${number}`);
  return { status, dispute: status === "Disputed" || status === "Settled" ? dispute : undefined };
}
