import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface ClaimParameters extends WriteOptions {
  readonly nodeId: number;
  readonly epochs: readonly number[];
}

export interface ClaimResult extends Mined {
  /** Those whose buckets were paid. */
  readonly epochs: readonly number[];
  /** To the owner, in base units. */
  readonly paid: bigint;
  /** To the network. */
  readonly fee: bigint;
}

/**
 * Pays the node's owner what matured of some epochs and what is payable; what has not matured is passed over.
 * Anyone may.
 *
 * @throws `NOTHING_TO_CLAIM`, `UNKNOWN_NODE`, or what every write throws, see `sendCall`.
 */
export async function claim(client: NetworkWriter, parameters: ClaimParameters): Promise<ClaimResult> {
  const { nodeId, epochs, ...options } = parameters;
  const contract = usageSettlement(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "claim", args: [nodeId, epochs] },
    options,
  );
  const event = eventOf(sent, contract, "Claimed");
  return {
    txHash: sent.txHash,
    blockNumber: sent.blockNumber,
    epochs: event.epochs,
    paid: event.paid,
    fee: event.fee,
  };
}
