import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface IsKeeperParameters extends ReadOptions {
  readonly nodeId: number;
  readonly who: Address;
}

/**
 * Whether an account owns or operates a node.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function isKeeper(client: NetworkClient, parameters: IsKeeperParameters): Promise<boolean> {
  const { nodeId, who, at } = parameters;
  return readView(client, { ...nodeRegistry(client), functionName: "isKeeper", args: [nodeId, who] }, { at });
}
