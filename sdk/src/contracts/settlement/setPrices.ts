import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { Prices } from "../../protocol/prices.ts";
import { usageSettlement } from "../contracts.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";
import { priceList } from "./priceList.ts";

export interface SetPricesParameters extends WriteOptions {
  /** Count from `fromEpoch`, at least two epochs ahead. */
  readonly prices: Prices;
}

/**
 * Announces prices, at most one change per `late + 2` epochs. For the access manager, after its delay.
 *
 * @throws `ACCESS_MANAGED_UNAUTHORIZED`, `PRICES_TOO_SOON`, `PRICES_NOT_AHEAD`, `PRICES_OUT_OF_BOUNDS`, or what every
 *   write throws, see `sendCall`.
 */
export async function setPrices(client: NetworkWriter, parameters: SetPricesParameters): Promise<Mined> {
  const { prices, ...options } = parameters;
  const contract = usageSettlement(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "setPrices", args: [priceList(prices)] },
    options,
  );
  return { txHash: sent.txHash, blockNumber: sent.blockNumber };
}
