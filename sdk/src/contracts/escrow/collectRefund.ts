import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { creditEscrow } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface CollectRefundResult extends Mined {
  /** What was paid, in base units. */
  readonly amount: bigint;
}

/**
 * Pays the caller what disputes left to it: bonds that came back, and shares of slashes.
 *
 * @throws `NOTHING_OWED`, or what every write throws, see `sendCall`.
 */
export async function collectRefund(
  client: NetworkWriter,
  options: WriteOptions = {},
): Promise<CollectRefundResult> {
  const contract = creditEscrow(client);
  const sent = await sendCall(client, { ...contract, functionName: "collectRefund" }, options);
  const { amount } = eventOf(sent, contract, "RefundCollected");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, amount };
}
