import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import * as settlement from "../contracts/settlement/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/**
 * The epochs of a node that nobody can dispute any more and that are not paid yet, oldest first.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function maturedEpochs(
  client: NetworkClient,
  { nodeId, signal }: { readonly nodeId: number; readonly signal?: AbortSignal | undefined },
): Promise<number[]> {
  const { network } = client;
  const [now, logs] = await Promise.all([
    settlement.currentEpoch(client),
    readLogs(client, {
      signal,
      ask: (range) =>
        readEvents(client, {
          address: network.contracts.usageSettlement,
          abi: usageSettlementAbi,
          eventName: "BatchCounted",
          args: { nodeId },
          ...range,
        }),
    }),
  ]);
  const counted = new Set(logs.map(({ args }) => args.epoch));
  const matured = [...counted].filter((epoch) => now >= usageWindow(network.times, epoch).firstClaim);
  const held = await mapInWindows(matured, (epoch) => settlement.pending(client, { nodeId, epoch }), 100);
  return matured.filter((_, i) => (held[i]?.amount ?? 0n) > 0n).sort((a, b) => a - b);
}
