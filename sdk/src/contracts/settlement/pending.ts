import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface Pending {
  readonly amount: bigint;
  /** The network's share, in 1/10000. */
  readonly feeBps: number;
}

export interface PendingParameters extends ReadOptions {
  readonly nodeId: number;
  readonly epoch: number;
}

/**
 * What was counted for a node in an epoch and is neither released, disputed nor paid, in base units; and the fee
 * on it.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function pending(client: NetworkClient, parameters: PendingParameters): Promise<Pending> {
  const { nodeId, epoch, at } = parameters;
  const [amount, feeBps] = await readView(
    client,
    { ...usageSettlement(client), functionName: "pending", args: [nodeId, epoch] },
    { at },
  );
  return { amount, feeBps };
}
