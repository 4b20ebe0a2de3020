import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/**
 * Every node that ever had a seat of a project: whose receipts there can be.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readSeatNodes(
  client: NetworkClient,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<number[]> {
  const { network } = client;
  const logs = await readLogs(client, {
    signal,
    ask: (range) =>
      readEvents(client, {
        address: network.contracts.projectRegistry,
        abi: projectRegistryAbi,
        eventName: "TermsSet",
        args: { projectId },
        ...range,
      }),
  });
  const nodeIds = new Set(logs.flatMap(({ args }) => args.nodeIds));
  nodeIds.delete(0);
  return [...nodeIds].sort((a, b) => a - b);
}
