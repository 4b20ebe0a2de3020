import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The network's own domain.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function zone(client: NetworkClient, options: ReadOptions = {}): Promise<string> {
  return readView(client, { ...projectRegistry(client), functionName: "zone" }, options);
}
