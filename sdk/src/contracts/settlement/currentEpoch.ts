import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The epoch of the newest block, or of the block that is asked.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function currentEpoch(client: NetworkClient, options: ReadOptions = {}): Promise<number> {
  return readView(client, { ...usageSettlement(client), functionName: "currentEpoch" }, options);
}
