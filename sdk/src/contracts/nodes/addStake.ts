import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface AddStakeParameters extends WriteOptions {
  readonly nodeId: number;
  /** Base units. */
  readonly amount: bigint;
}

export interface AddStakeResult extends Mined {
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly stake: bigint;
}

/**
 * Adds to a node's stake. Anyone may; approved to the node registry before.
 *
 * @throws `UNKNOWN_NODE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see `sendCall`.
 */
export async function addStake(
  client: NetworkWriter,
  parameters: AddStakeParameters,
): Promise<AddStakeResult> {
  const { nodeId, amount, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "addStake", args: [nodeId, amount] },
    options,
  );
  const event = eventOf(sent, contract, "StakeAdded");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount: event.amount, stake: event.stake };
}
