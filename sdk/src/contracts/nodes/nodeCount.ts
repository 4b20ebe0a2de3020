import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * How many nodes were ever registered: ids are 1 to this.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function nodeCount(client: NetworkClient, options: ReadOptions = {}): Promise<number> {
  return readView(client, { ...nodeRegistry(client), functionName: "nodeCount" }, options);
}
