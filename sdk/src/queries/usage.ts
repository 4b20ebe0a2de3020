import * as nodes from "../contracts/nodes/index.ts";
import * as projects from "../contracts/projects/index.ts";
import * as settlement from "../contracts/settlement/index.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { type NodeTotals, readNodeUsage } from "../nodeApi/documents.ts";
import { amountOf } from "../protocol/amountOf.ts";
import type { Terms } from "../protocol/terms.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { readReceiptStates, type UsageState } from "./receiptStates.ts";
import { readReceipts, readSkipped, seatKey } from "./receipts.ts";

/** What one node served for a project in one epoch. */
export interface NodeUsage extends NodeTotals {
  readonly nodeId: number;
  /** Charged; while open: what it would be charged now. Base units. */
  readonly amount: bigint;
  readonly state: UsageState;
}

/** A node that did not tell what it served in an epoch without a receipt. */
export interface SilentNode {
  readonly nodeId: number;
  readonly error: Worker3Error;
}

export interface EpochUsage {
  readonly epoch: number;
  /** In the order of the seats; without nodes that have neither a receipt nor anything to tell. */
  readonly nodes: readonly NodeUsage[];
  readonly silent: readonly SilentNode[];
}

export interface ReadUsageParameters {
  readonly projectId: bigint;
  /** How many epochs, the running one included; 1. */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a project used, newest epoch first: counted receipts from the chain, the rest from its nodes.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function readUsage(
  client: NetworkClient,
  { projectId, count = 1, signal }: ReadUsageParameters,
): Promise<EpochUsage[]> {
  const now = await settlement.currentEpoch(client);
  const epochs = epochsBack(now, count);
  const terms = await mapInWindows(epochs, (epoch) => projects.termsAt(client, { projectId, epoch }), 100);
  const nodeIds = [...new Set(terms.flatMap(seatsOf))];
  const [counted, skipped, endpoints] = await Promise.all([
    readCounted(client, { projectId, nodeIds, epochs, signal }),
    readSkipped(client, { projectId, signal }),
    nodes.endpointsOf(client, { nodeIds }),
  ]);

  async function usageOf(
    nodeId: number,
    epoch: number,
    { cap }: Terms,
  ): Promise<NodeUsage | SilentNode | undefined> {
    const key = seatKey({ nodeId, epoch });
    const known = counted.get(key);
    if (known !== undefined) return known;
    const endpoint = endpoints[nodeIds.indexOf(nodeId)] ?? "";
    const refused = skipped.has(key);
    try {
      return await readUncounted(client, { projectId, nodeId, epoch, now, cap, endpoint, refused, signal });
    } catch (error) {
      if (error instanceof Worker3Error) return { nodeId, error };
      throw error;
    }
  }

  return mapInWindows(
    terms.map((terms, i) => ({ terms, epoch: epochs[i] ?? 0 })),
    async ({ terms, epoch }) => {
      const all = await Promise.all(seatsOf(terms).map((nodeId) => usageOf(nodeId, epoch, terms)));
      const found = all.filter((usage) => usage !== undefined);
      return {
        epoch,
        nodes: found.filter((usage) => "state" in usage),
        silent: found.filter((usage) => "error" in usage),
      };
    },
  );
}

/** The running epoch and those before it, newest first; none before 0. */
export function epochsBack(now: number, count: number): number[] {
  return Array.from({ length: Math.min(count, now + 1) }, (_, i) => now - i);
}

function seatsOf({ nodeIds }: Terms): number[] {
  return nodeIds.filter((nodeId) => nodeId !== 0);
}

/** The counted usage by `seatKey`. */
async function readCounted(
  client: NetworkClient,
  parameters: Parameters<typeof readReceipts>[1],
): Promise<ReadonlyMap<string, NodeUsage>> {
  const receipts = await readReceipts(client, parameters);
  const states = await readReceiptStates(client, { receipts, signal: parameters.signal });
  return new Map(
    receipts.map((receipt, i) => {
      const { projectId: _, ...line } = receipt.line;
      const state = states[i] ?? "pending";
      return [seatKey(receipt), { nodeId: receipt.nodeId, ...line, state }];
    }),
  );
}

interface ReadUncountedParameters {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  /** The epoch of the newest block. */
  readonly now: number;
  /** What the seat may charge in that epoch, in base units. */
  readonly cap: bigint;
  readonly endpoint: string;
  /** Whether the chain refused a receipt of it. */
  readonly refused: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a node says of an epoch for which it has no counted receipt; undefined where none can come any more: its time is
 * over, or the epoch is and nothing was served.
 */
async function readUncounted(
  client: NetworkClient,
  parameters: ReadUncountedParameters,
): Promise<NodeUsage | undefined> {
  const { nodeId, epoch, now, cap, refused } = parameters;
  const open = now <= usageWindow(client.network.times, epoch).lastSubmit;
  if (!open && !refused) return undefined;
  const usage = await readNodeUsage(parameters);
  if (!open) return { nodeId, ...usage, amount: 0n, state: "skipped" };
  const served = usage.requests > 0n || usage.cpuMs > 0n || usage.egressKiB > 0n || usage.storedMiB > 0n;
  if (!served) return epoch === now ? { nodeId, ...usage, amount: 0n, state: "open" } : undefined;
  const prices = await settlement.pricesAt(client, { epoch });
  return { nodeId, ...usage, amount: amountOf(prices, cap, usage), state: "open" };
}
