import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/** One node's part in one epoch, as a key. */
export function seatKey({ nodeId, epoch }: { readonly nodeId: number; readonly epoch: number }): string {
  return `${nodeId}/${epoch}`;
}

/**
 * Of which nodes and epochs the chain refused a receipt for a project, as `seatKey`s. Some were counted later.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readSkipped(
  client: NetworkClient,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<ReadonlySet<string>> {
  const { network } = client;
  const logs = await readLogs(client, {
    signal,
    ask: (range) =>
      readEvents(client, {
        address: network.contracts.usageSettlement,
        abi: usageSettlementAbi,
        eventName: "ReceiptSkipped",
        args: { projectId },
        ...range,
      }),
  });
  return new Set(logs.map(({ args }) => seatKey(args)));
}
