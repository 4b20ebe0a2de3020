import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface CollectFeesResult extends Mined {
  /** What was paid, in base units. */
  readonly amount: bigint;
}

/**
 * Pays the fees so far to the fee receiver. Anyone may.
 *
 * @throws `NOTHING_OWED`, or what every write throws, see `sendCall`.
 */
export async function collectFees(
  client: NetworkWriter,
  options: WriteOptions = {},
): Promise<CollectFeesResult> {
  const contract = creditEscrow(client);
  const sent = await sendCall(client, { ...contract, functionName: "collectFees" }, options);
  const { amount } = eventOf(sent, contract, "FeesCollected");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount };
}
