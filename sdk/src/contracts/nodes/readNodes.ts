import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { readEach } from "../readEach.ts";
import type { ReadOptions } from "../readView.ts";
import { type Node, nodeOf } from "./nodeOf.ts";

export interface ReadNodesParameters extends ReadOptions {
  readonly nodeIds: readonly number[];
}

/**
 * Many nodes in few round trips, in the order of their ids; undefined for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function readNodes(
  client: NetworkClient,
  { nodeIds, at }: ReadNodesParameters,
): Promise<(Node | undefined)[]> {
  return readEach(nodeIds, "UNKNOWN_NODE", (nodeId) => nodeOf(client, { nodeId, at }));
}
