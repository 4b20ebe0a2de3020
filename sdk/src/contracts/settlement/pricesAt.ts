import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Prices } from "../../protocol/prices.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";
import { pricesFrom } from "./priceList.ts";

export interface PricesAtParameters extends ReadOptions {
  readonly epoch: number;
}

/**
 * The prices of an epoch: for those whose receipts may still come, and for those ahead.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function pricesAt(client: NetworkClient, parameters: PricesAtParameters): Promise<Prices> {
  const { epoch, at } = parameters;
  const answer = await readView(
    client,
    { ...usageSettlement(client), functionName: "pricesAt", args: [epoch] },
    { at },
  );
  return pricesFrom(answer);
}
