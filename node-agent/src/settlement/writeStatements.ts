import { setImmediate } from "node:timers/promises";
import {
  amountOf,
  createStatement,
  encodeReceipts,
  formatAmount,
  receiptOf,
  statementDigest,
  statementText,
  type UsageStatement,
} from "@worker3/sdk";
import type { SettlementView } from "../chain/view/SettlementView.ts";
import type { UsageKey, UsageRow } from "../ledger/usageTable.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";
import { usageFate } from "./usageFate.ts";

/**
 * Turns the usage of epochs that are over into statements, each project's at once: its minutes leave, its statement is
 * there. What nobody will pay is dropped, and the log says how much that was.
 */
export async function writeStatements(
  parts: SettlementParts,
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
        if (fate === "write" && cap !== undefined) write(parts, key);
        else drop(parts, key, cap, cap === undefined ? "without a seat" : fate);
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
  });
}

function write({ usage, batches, view }: SettlementParts, key: UsageKey): void {
  const statement = statementOf(view, key, usage.minutesOf(key));
  usage.remove(key);
  const { requests, cpuMs, egressKiB } = receiptOf(statement);
  // A receipt of nothing would still be charged the base price.
  if (requests === 0n && cpuMs === 0n && egressKiB === 0n) return;
  batches.addStatement({
    ...key,
    digest: statementDigest(statement),
    receipt: encodeReceipts([receiptOf(statement)]),
    text: statementText(statement),
  });
}

function drop({ usage, view, logger }: SettlementParts, key: UsageKey, cap: bigint | undefined, why: string) {
  const { projectId, epoch } = key;
  const statement = statementOf(view, key, usage.minutesOf(key));
  const prices = view.prices(epoch);
  const amount = cap === undefined || prices === undefined ? 0n : amountOf(prices, cap, receiptOf(statement));
  usage.remove(key);
  logger.warn(
    { projectId: String(projectId), epoch, why, ...statement.totals, lost: formatAmount(amount) },
    "usage that nobody pays is dropped",
  );
}
