import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { nodeRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface EndpointsOfParameters extends ReadOptions {
  readonly nodeIds: readonly number[];
}

/**
 * The endpoints of some nodes, in order; empty for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function endpointsOf(
  client: NetworkClient,
  parameters: EndpointsOfParameters,
): Promise<readonly string[]> {
  const { nodeIds, at } = parameters;
  return readView(
    client,
    { ...nodeRegistry(client), functionName: "endpointsOf", args: [nodeIds] },
    { at, alone: true },
  );
}
