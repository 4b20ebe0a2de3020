import * as nodes from "../contracts/nodes/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** A node in one of a project's seats. */
export interface Replica {
  readonly nodeId: number;
  /** As the registry has it: `https://host[:port]`; empty where it has none. */
  readonly endpoint: string;
}

/**
 * Nodes with their endpoints, in the given order.
 *
 * @param nodeIds As the chain has a project's seats: 0 is an empty one.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function replicasOf(client: NetworkClient, nodeIds: readonly number[]): Promise<Replica[]> {
  const taken = nodeIds.filter((nodeId) => nodeId !== 0);
  const endpoints = await nodes.endpointsOf(client, { nodeIds: taken });
  return taken.map((nodeId, index) => ({ nodeId, endpoint: endpoints[index] ?? "" }));
}

/**
 * Where a domain is answered: `https://<domain>`, with the port where the replicas listen at another than the usual one,
 * as on a devnet. Each address once.
 */
export function urlsOf(domain: string, replicas: readonly Replica[]): string[] {
  const urls = replicas.flatMap(({ endpoint }) => {
    if (!URL.canParse(endpoint)) return [];
    const { protocol, port } = new URL(endpoint);
    return [`${protocol}//${domain}${port === "" ? "" : `:${port}`}`];
  });
  return [...new Set(urls)];
}
