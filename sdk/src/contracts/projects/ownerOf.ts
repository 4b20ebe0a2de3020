import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface OwnerOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * Who owns a project.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function ownerOf(client: NetworkClient, parameters: OwnerOfParameters): Promise<Address> {
  const { projectId, at } = parameters;
  return readView(client, { ...projectRegistry(client), functionName: "ownerOf", args: [projectId] }, { at });
}
