import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface IsGoneParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * Whether anyone may give a node's seats to others: it is retired, or its acceptance expired two whole epochs ago
 * or earlier. A node that is full is not gone.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function isGone(client: NetworkClient, parameters: IsGoneParameters): Promise<boolean> {
  const { nodeId, at } = parameters;
  return readView(client, { ...nodeRegistry(client), functionName: "isGone", args: [nodeId] }, { at });
}
