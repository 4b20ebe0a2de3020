import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { inChainOrder } from "./inChainOrder.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/**
 * The version that was served before the active one; undefined where there was none. Going back twice comes back.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function versionBefore(
  client: NetworkClient,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  const { network } = client;
  const filter = {
    address: network.contracts.projectRegistry,
    abi: projectRegistryAbi,
    args: { projectId },
  } as const;
  const [added, activated] = await Promise.all([
    readLogs(client, {
      signal,
      ask: (range) => readEvents(client, { ...filter, ...range, eventName: "VersionAdded" }),
    }),
    readLogs(client, {
      signal,
      ask: (range) => readEvents(client, { ...filter, ...range, eventName: "Activated" }),
    }),
  ]);
  const changes = [...added.filter(({ args }) => args.live), ...activated].sort(inChainOrder);
  return lastDifferent(changes.map(({ args }) => args.version));
}

/** The last number that differs from the very last; `[1, 2, 2]` gives 1. */
export function lastDifferent(numbers: readonly number[]): number | undefined {
  const last = numbers.at(-1);
  return numbers.findLast((number) => number !== last);
}
