import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { CountedReceipt } from "./CountedReceipt.ts";
import { readReceipts } from "./readReceipts.ts";

export interface FindReceiptParameters {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The counted receipt of a node for a project in an epoch: there is at most one.
 *
 * @throws {Worker3Error} `RECEIPT_UNKNOWN`; {RpcError} The chain cannot be asked.
 */
export async function findReceipt(
  client: NetworkClient,
  { projectId, nodeId, epoch, signal }: FindReceiptParameters,
): Promise<CountedReceipt> {
  const [found] = await readReceipts(client, { projectId, nodeIds: [nodeId], epochs: [epoch], signal });
  if (found !== undefined) return found;
  throw new Worker3Error({
    code: "RECEIPT_UNKNOWN",
    message: `The chain counted no receipt of node ${nodeId} for project ${projectId} in epoch ${epoch}.`,
    value: `${projectId} ${nodeId} ${epoch}`,
    next: `see worker3 receipts ${projectId}`,
  });
}
