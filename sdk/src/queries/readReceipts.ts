import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { decodeLines } from "../receipts/decodeLines.ts";
import type { CountedReceipt } from "./CountedReceipt.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

export interface ReadReceiptsParameters {
  /** Absent: of all projects. */
  readonly projectId?: bigint | undefined;
  /** Absent: of all nodes. */
  readonly nodeIds?: readonly number[] | undefined;
  /** Absent: of all epochs. */
  readonly epochs?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The receipts that the chain counted, in its order. Batches are found by node and epoch, not by project: name the nodes
 * where they are known.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readReceipts(
  client: NetworkClient,
  { projectId, nodeIds, epochs, signal }: ReadReceiptsParameters,
): Promise<CountedReceipt[]> {
  if (nodeIds?.length === 0 || epochs?.length === 0) return []; // to an RPC an empty list means all
  const { network } = client;
  const logs = await readLogs(client, {
    signal,
    ask: (range) =>
      readEvents(client, {
        address: network.contracts.usageSettlement,
        abi: usageSettlementAbi,
        eventName: "BatchCounted",
        args: {
          ...(nodeIds === undefined ? {} : { nodeId: [...nodeIds] }),
          ...(epochs === undefined ? {} : { epoch: [...epochs] }),
        },
        ...range,
      }),
  });
  return logs.flatMap(({ args, transactionHash: txHash }) => {
    const { nodeId, epoch, statements } = args;
    const lines = decodeLines(args.lines);
    return lines.flatMap((line, index) =>
      projectId === undefined || line.projectId === projectId
        ? [{ nodeId, epoch, line, index, statements, lines, txHash }]
        : [],
    );
  });
}
