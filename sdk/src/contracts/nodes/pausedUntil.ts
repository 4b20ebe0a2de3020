import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * When the current or last pause of registrations ends or ended, in Unix seconds; 0 before the first.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function pausedUntil(client: NetworkClient, options: ReadOptions = {}): Promise<number> {
  return readView(client, { ...nodeRegistry(client), functionName: "pausedUntil" }, options);
}
