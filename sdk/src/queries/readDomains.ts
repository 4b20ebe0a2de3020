import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { inChainOrder } from "./inChainOrder.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/**
 * The domains that a project has claimed and not given up, in the order of their claims.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readDomains(
  client: NetworkClient,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<string[]> {
  const { network } = client;
  const filter = {
    address: network.contracts.projectRegistry,
    abi: projectRegistryAbi,
    args: { projectId },
  } as const;
  const [claimed, released] = await Promise.all([
    readLogs(client, {
      signal,
      ask: (range) => readEvents(client, { ...filter, ...range, eventName: "DomainClaimed" }),
    }),
    readLogs(client, {
      signal,
      ask: (range) => readEvents(client, { ...filter, ...range, eventName: "DomainReleased" }),
    }),
  ]);
  const domains = new Set<string>();
  for (const { eventName, args } of [...claimed, ...released].sort(inChainOrder)) {
    if (eventName === "DomainClaimed") domains.add(args.domain);
    else domains.delete(args.domain);
  }
  return [...domains];
}
