import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface RequireActiveParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * Makes sure that a node exists and is not retired.
 *
 * @throws `UNKNOWN_NODE`, `NODE_RETIRED`, or that the chain cannot be asked.
 */
export async function requireActive(
  client: NetworkClient,
  parameters: RequireActiveParameters,
): Promise<void> {
  const { nodeId, at } = parameters;
  return readView(client, { ...nodeRegistry(client), functionName: "requireActive", args: [nodeId] }, { at });
}
