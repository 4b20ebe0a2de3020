import type { Hash } from "viem";
import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import { usageSettlementAbi } from "../abi/UsageSettlement.ts";
import * as settlement from "../contracts/settlement/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import { decodeLines } from "../receipts/decodeLines.ts";
import type { Line } from "../receipts/receipt.ts";
import { readEvents } from "./logs.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { QueryError } from "./QueryError.ts";
import type { ProjectQuestion } from "./versions.ts";

/** A receipt that the chain counted, with all that a release or a dispute of it needs. */
export interface CountedReceipt {
  readonly nodeId: number;
  readonly epoch: number;
  readonly line: Line;
  /** Its place in the batch, from 0. */
  readonly index: number;
  /** The batch, as `BatchCounted` has it. */
  readonly statements: Hash;
  readonly lines: readonly Line[];
  readonly txHash: Hash;
}

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
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readReceipts(
  client: NetworkClient,
  { projectId, nodeIds, epochs, signal }: ReadReceiptsParameters,
): Promise<CountedReceipt[]> {
  if (nodeIds?.length === 0 || epochs?.length === 0) return []; // to an RPC an empty list means all
  const logs = await readEvents(client, {
    address: client.network.contracts.usageSettlement,
    abi: usageSettlementAbi,
    eventName: "BatchCounted",
    args: {
      ...(nodeIds === undefined ? {} : { nodeId: [...nodeIds] }),
      ...(epochs === undefined ? {} : { epoch: [...epochs] }),
    },
    signal,
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

export interface FindReceiptParameters extends ProjectQuestion {
  readonly nodeId: number;
  readonly epoch: number;
}

/**
 * The counted receipt of a node for a project in an epoch: there is at most one.
 *
 * @throws {QueryError} `RECEIPT_UNKNOWN`; what `readReceipts` throws.
 */
export async function findReceipt(
  client: NetworkClient,
  { projectId, nodeId, epoch, signal }: FindReceiptParameters,
): Promise<CountedReceipt> {
  const [found] = await readReceipts(client, { projectId, nodeIds: [nodeId], epochs: [epoch], signal });
  if (found !== undefined) return found;
  throw new QueryError({
    code: "RECEIPT_UNKNOWN",
    message: `The chain counted no receipt of node ${nodeId} for project ${projectId} in epoch ${epoch}.`,
    value: `${projectId} ${nodeId} ${epoch}`,
    next: `see worker3 receipts ${projectId}`,
  });
}

/**
 * Every node that ever had a seat of a project: whose receipts there can be.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readSeatNodes(
  client: NetworkClient,
  { projectId, signal }: ProjectQuestion,
): Promise<number[]> {
  const logs = await readEvents(client, {
    address: client.network.contracts.projectRegistry,
    abi: projectRegistryAbi,
    eventName: "TermsSet",
    args: { projectId },
    signal,
  });
  const nodeIds = new Set(logs.flatMap(({ args }) => args.nodeIds));
  nodeIds.delete(0);
  return [...nodeIds].sort((a, b) => a - b);
}

/** One node's part in one epoch, as a key. */
export function seatKey({ nodeId, epoch }: { readonly nodeId: number; readonly epoch: number }): string {
  return `${nodeId}/${epoch}`;
}

/**
 * Of which nodes and epochs the chain refused a receipt for a project, as `seatKey`s. Some were counted later.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readSkipped(
  client: NetworkClient,
  { projectId, signal }: ProjectQuestion,
): Promise<ReadonlySet<string>> {
  const logs = await readEvents(client, {
    address: client.network.contracts.usageSettlement,
    abi: usageSettlementAbi,
    eventName: "ReceiptSkipped",
    args: { projectId },
    signal,
  });
  return new Set(logs.map(({ args }) => seatKey(args)));
}

/**
 * The epochs of a node that nobody can dispute any more and that are not paid yet, oldest first.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readMaturedEpochs(
  client: NetworkClient,
  { nodeId, signal }: { readonly nodeId: number; readonly signal?: AbortSignal | undefined },
): Promise<number[]> {
  const { contracts, times } = client.network;
  const [now, logs] = await Promise.all([
    settlement.currentEpoch(client),
    readEvents(client, {
      address: contracts.usageSettlement,
      abi: usageSettlementAbi,
      eventName: "BatchCounted",
      args: { nodeId },
      signal,
    }),
  ]);
  const counted = new Set(logs.map(({ args }) => args.epoch));
  const matured = [...counted].filter((epoch) => now >= usageWindow(times, epoch).firstClaim);
  const held = await mapInWindows(matured, (epoch) => settlement.pending(client, { nodeId, epoch }), 100);
  return matured.filter((_, i) => (held[i]?.amount ?? 0n) > 0n).sort((a, b) => a - b);
}
