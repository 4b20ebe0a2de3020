import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import * as settlement from "../contracts/settlement/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { CountedReceipt } from "./CountedReceipt.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";
import { receiptState, type UsageState } from "./receiptState.ts";

/** Reads share round trips; so many at a time fit one. */
const WINDOW = 100;

/**
 * What became of each receipt, in order.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readStates(
  client: NetworkClient,
  { receipts, signal }: { receipts: readonly CountedReceipt[]; signal?: AbortSignal | undefined },
): Promise<UsageState[]> {
  const now = await settlement.currentEpoch(client);
  return mapInWindows(
    receipts,
    async ({ nodeId, epoch, line: { projectId } }) => {
      signal?.throwIfAborted();
      const [{ status }, { amount: bucket }] = await Promise.all([
        settlement.statusOf(client, { projectId, nodeId, epoch }),
        settlement.pending(client, { nodeId, epoch }),
      ]);
      const guilty = status === "Settled" && (await wasGuilty(client, { projectId, nodeId, epoch }));
      return receiptState(client.network.times, { epoch, now, status, guilty, bucket });
    },
    WINDOW,
  );
}

/** A drawn dispute has no decision: the node is paid. */
async function wasGuilty(
  client: NetworkClient,
  args: { readonly projectId: bigint; readonly nodeId: number; readonly epoch: number },
): Promise<boolean> {
  const { network } = client;
  const [decision] = await readLogs(client, {
    ask: (range) =>
      readEvents(client, {
        address: network.contracts.usageSettlement,
        abi: usageSettlementAbi,
        eventName: "Decided",
        args,
        ...range,
      }),
  });
  return decision?.args.guilty ?? false;
}
