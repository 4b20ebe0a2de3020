import * as settlement from "../contracts/settlement/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { type OpenUsage, readOpenUsage } from "../nodeApi/readOpenUsage.ts";
import { amountOf } from "../protocol/amountOf.ts";
import { usageWindow } from "../protocol/usageWindow.ts";
import type { UsageState } from "./receiptState.ts";

/** What one node served for a project in one epoch. */
export interface NodeUsage extends OpenUsage {
  readonly nodeId: number;
  /** Charged; while open: what it would be charged now. Base units. */
  readonly amount: bigint;
  readonly state: UsageState;
}

export interface ReadUncountedParameters {
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
 * What a node says of an epoch for which it has no counted receipt; undefined where none can come any more:
 * its time is over, or the epoch is and nothing was served.
 *
 * @throws {NodeError} The node does not tell.
 */
export async function readUncounted(
  client: NetworkClient,
  parameters: ReadUncountedParameters,
): Promise<NodeUsage | undefined> {
  const { nodeId, epoch, now, cap, refused } = parameters;
  const open = now <= usageWindow(client.network.times, epoch).lastSubmit;
  if (!open && !refused) return undefined;
  const usage = await readOpenUsage(parameters);
  if (!open) return { nodeId, ...usage, amount: 0n, state: "skipped" };
  const served = usage.requests > 0n || usage.cpuMs > 0n || usage.egressKiB > 0n;
  if (!served) return epoch === now ? { nodeId, ...usage, amount: 0n, state: "open" } : undefined;
  const prices = await settlement.pricesAt(client, { epoch });
  return { nodeId, ...usage, amount: amountOf(prices, cap, usage), state: "open" };
}
