import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface OwnerOfParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * Who owns a node.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function ownerOf(client: NetworkClient, parameters: OwnerOfParameters): Promise<Address> {
  const { nodeId, at } = parameters;
  return readView(client, { ...nodeRegistry(client), functionName: "ownerOf", args: [nodeId] }, { at });
}
