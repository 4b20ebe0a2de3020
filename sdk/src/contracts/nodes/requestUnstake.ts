import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { nodeRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface RequestUnstakeParameters extends WriteOptions {
  readonly nodeId: number;
  /** Base units. */
  readonly amount: bigint;
}

export interface RequestUnstakeResult extends Mined {
  /** What leaves, in base units. */
  readonly thawing: bigint;
  /** See `stakeWindow` for when it leaves. */
  readonly thawEpoch: number;
}

/**
 * Asks stake back; replaces an earlier request and restarts its time. If less than the least stake would stay, the
 * node retires: the current epoch is its last. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `UNSTAKE_AMOUNT`, or what every write throws, see `sendCall`.
 */
export async function requestUnstake(
  client: NetworkWriter,
  parameters: RequestUnstakeParameters,
): Promise<RequestUnstakeResult> {
  const { nodeId, amount, ...options } = parameters;
  const contract = nodeRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "requestUnstake", args: [nodeId, amount] },
    options,
  );
  const { thawing, thawEpoch } = eventOf(sent, contract, "UnstakeRequested");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, thawing, thawEpoch };
}
