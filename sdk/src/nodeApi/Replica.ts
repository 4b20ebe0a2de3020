import * as nodes from "../contracts/nodes/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** A node in one of a project's seats. */
export interface Replica {
  readonly nodeId: number;
  /** As the registry has it: `https://host[:port]`. */
  readonly endpoint: string;
}

/**
 * The nodes of a project with their endpoints, in the order of the seats.
 *
 * @param nodeIds As the chain has them: 0 is an empty seat.
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function replicasOf(client: NetworkClient, nodeIds: readonly number[]): Promise<Replica[]> {
  const taken = nodeIds.filter((nodeId) => nodeId !== 0);
  const endpoints = await nodes.endpointsOf(client, { nodeIds: taken });
  return taken.map((nodeId, index) => ({ nodeId, endpoint: endpoints[index] ?? "" }));
}
