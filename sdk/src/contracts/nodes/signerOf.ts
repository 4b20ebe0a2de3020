import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface SignerOf {
  readonly operator: Address;
  /** Undefined while the node is active. */
  readonly retiredFrom: number | undefined;
}

export interface SignerOfParameters extends ReadOptions {
  readonly nodeId: number;
}

/**
 * Who signs for a node, and from which epoch on its receipts do not count.
 *
 * @throws `UNKNOWN_NODE`, or that the chain cannot be asked.
 */
export async function signerOf(client: NetworkClient, parameters: SignerOfParameters): Promise<SignerOf> {
  const { nodeId, at } = parameters;
  const [operator, retiredFrom] = await readView(
    client,
    { ...nodeRegistry(client), functionName: "signerOf", args: [nodeId] },
    { at },
  );
  return { operator, retiredFrom: retiredFrom === 0 ? undefined : retiredFrom };
}
