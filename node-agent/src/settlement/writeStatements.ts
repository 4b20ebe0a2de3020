import { setImmediate } from "node:timers/promises";
import {
  amountOf,
  createStatement,
  encodeReceipts,
  formatAmount,
  type MeteredStorage,
  type Receipt,
  receiptOf,
  statementDigest,
  statementText,
  type UsageStatement,
} from "@worker3/sdk";
import type { SettlementView } from "../chain/view/SettlementView.ts";
import { addCounts, type Counts, NO_COUNTS, type UsageKey, type UsageRow } from "../ledger/usageTable.ts";
import type { Unpaid, UnpaidReason } from "./createUnpaid.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";
import { usageFate } from "./usageFate.ts";

type WritingParts = SettlementParts & { readonly unpaid: Unpaid };

/** More than any cap. */
const UNCAPPED = (1n << 64n) - 1n;

/**
 * Turns the usage of epochs that are over into statements, each project's at once: its minutes leave, its statement is
 * there. What nobody will pay is dropped, and the log says how much that was.
 */
export async function writeStatements(
  parts: WritingParts,
  moment: Moment,
  signal: AbortSignal,
): Promise<void> {
  const { usage, view } = parts;
  const closedEpoch = parts.closedEpoch();
  for (const epoch of usage.epochs()) {
    const isRetired = view.isRetiredIn(epoch);
    const fate = usageFate({ epoch, moment, isClosed: epoch <= closedEpoch, isRetired });
    if (fate === "wait") continue;
    const caps = new Map(view.seatsIn(epoch).map(({ projectId, cap }) => [projectId, cap]));
    for (const projectId of usage.projectsIn(epoch)) {
      const cap = caps.get(projectId);
      const key = { projectId, epoch };
      parts.ledger.transaction(() => {
        if (cap === undefined) drop(parts, key, undefined, "without a seat");
        else if (fate === "write") write(parts, key);
        else drop(parts, key, cap, fate);
      });
      // A busy day's statement takes some 80 ms, most of them its hash: others have their turn in between.
      await setImmediate(undefined, { signal });
    }
  }
}

/** The statement of some minutes of usage. */
export function statementOf(
  { network, nodeId }: Pick<SettlementView, "network" | "nodeId">,
  { projectId, epoch }: UsageKey,
  minutes: readonly UsageRow[],
): UsageStatement {
  const { epochSeconds } = network.times;
  return createStatement({
    chainId: network.chainId,
    settlement: network.contracts.usageSettlement,
    projectId,
    nodeId,
    epoch,
    minutes: minutes.map(({ minuteMs, requests, cpuMs, egressBytes }) => ({
      unixMs: minuteMs,
      requests: BigInt(requests),
      cpuMs: BigInt(cpuMs),
      egressBytes: BigInt(egressBytes),
    })),
    storage: storageOf(minutes, epochSeconds),
    epochSeconds,
  });
}

/** What was held, of an epoch at most: where the clock was set back, seconds of two may stand in one. */
function storageOf(minutes: readonly UsageRow[], epochSeconds: number): MeteredStorage {
  const { storedByteSeconds, storedSeconds } = minutes.reduce<Counts>(addCounts, NO_COUNTS);
  if (storedSeconds <= epochSeconds) return { byteSeconds: storedByteSeconds, seconds: storedSeconds };
  return {
    byteSeconds: (storedByteSeconds * BigInt(epochSeconds)) / BigInt(storedSeconds),
    seconds: epochSeconds,
  };
}

function isNothing({ requests, cpuMs, egressKiB, storedMiB }: Receipt): boolean {
  return requests === 0n && cpuMs === 0n && egressKiB === 0n && storedMiB === 0n;
}

function write({ usage, batches, view }: SettlementParts, key: UsageKey): void {
  const statement = statementOf(view, key, usage.minutesOf(key));
  usage.remove(key);
  // A receipt of nothing would still be charged the base price.
  if (isNothing(receiptOf(statement))) return;
  batches.addStatement({
    ...key,
    digest: statementDigest(statement),
    receipt: encodeReceipts([receiptOf(statement)]),
    text: statementText(statement),
  });
}

/** What nobody pays is told with what a seat would have been paid for it: by the project's cap, where it has terms at all. */
function drop(parts: WritingParts, key: UsageKey, cap: bigint | undefined, why: UnpaidReason): void {
  const { usage, view, logger, unpaid } = parts;
  const { projectId, epoch } = key;
  const statement = statementOf(view, key, usage.minutesOf(key));
  const receipt = receiptOf(statement);
  const prices = view.prices(epoch);
  const most = cap ?? view.capIn(projectId, epoch) ?? UNCAPPED;
  const amount = prices === undefined ? 0n : amountOf(prices, most, receipt);
  usage.remove(key);
  if (isNothing(receipt)) return;
  unpaid.add(why, amount);
  logger.warn(
    { projectId: String(projectId), epoch, why, ...statement.totals, lost: formatAmount(amount) },
    "usage that nobody pays is dropped",
  );
}
