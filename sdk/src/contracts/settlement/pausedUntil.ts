import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { usageSettlement } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * When the current or last pause of submissions ends or ended, in Unix seconds; 0 before the first.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function pausedUntil(client: NetworkClient, options: ReadOptions = {}): Promise<number> {
  return readView(client, { ...usageSettlement(client), functionName: "pausedUntil" }, options);
}
