import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * When the current or last pause of new projects and versions ends or ended, in Unix seconds; 0 before the first.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function pausedUntil(client: NetworkClient, options: ReadOptions = {}): Promise<number> {
  return readView(client, { ...projectRegistry(client), functionName: "pausedUntil" }, options);
}
