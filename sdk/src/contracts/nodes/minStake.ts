import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/**
 * The least stake of a new node, and what may leave without retiring it, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function minStake(client: NetworkClient, options: ReadOptions = {}): Promise<bigint> {
  return readView(client, { ...nodeRegistry(client), functionName: "minStake" }, options);
}
