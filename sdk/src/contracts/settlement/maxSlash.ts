import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The most that one decision takes of a stake, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function maxSlash(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...usageSettlement(client), functionName: "maxSlash" }, options);
}
