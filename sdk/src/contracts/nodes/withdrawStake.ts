import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface WithdrawStakeParameters extends WriteOptions {
  readonly nodeId: number;
}

export interface WithdrawStakeResult extends Mined {
  /** What was paid, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly stake: bigint;
}

/**
 * Pays what was asked back to the owner, once `now > thawEpoch + stakeThaw`; less, if it was slashed.
 *
 * @throws `NOT_NODE_OWNER`, `NOTHING_THAWING`, `STILL_THAWING`, or what every write throws, see `sendCall`.
 */
export async function withdrawStake(
  client: NetworkWriter,
  parameters: WithdrawStakeParameters,
): Promise<WithdrawStakeResult> {
  const { nodeId, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "withdrawStake", args: [nodeId] },
    options,
  );
  const { amount, stake } = eventOf(sent, contract, "StakeWithdrawn");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount, stake };
}
