import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { usageSettlement } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface PauseResult extends Mined {
  /** Unix time, in seconds. */
  readonly until: number;
}

/**
 * Stops submissions for one epoch; `late` leaves time for them after it. For the guardian; the next one can start
 * seven epochs after its end.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `PAUSE_TOO_SOON`, or what every write throws, see `sendCall`.
 */
export async function pause(client: NetworkWriter, options: WriteOptions = {}): Promise<PauseResult> {
  const contract = usageSettlement(client);
  const sent = await sendCall(client, { ...contract, functionName: "pause" }, options);
  const { until } = eventOf(sent, contract, "PausedUntil");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, until };
}
