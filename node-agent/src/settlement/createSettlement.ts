import { parseStatement, type UsageStatement, Worker3Error } from "@worker3/sdk";
import { createBackoff } from "../background/backoff.ts";
import type { ReceiptCounts } from "../ledger/batchTable.ts";
import { LedgerError } from "../ledger/LedgerError.ts";
import type { UsageKey } from "../ledger/usageTable.ts";
import { createClaims } from "./createClaims.ts";
import { createUnpaid, type UnpaidUsage } from "./createUnpaid.ts";
import { type Earned, earnedOf } from "./earnedOf.ts";
import { createMulticallFinder } from "./findMulticall.ts";
import { makeBatches } from "./makeBatches.ts";
import { type Moment, momentOf } from "./momentOf.ts";
import { renewPresence } from "./renewPresence.ts";
import { resolveStatements } from "./resolveStatements.ts";
import type { SettlementParts } from "./SettlementParts.ts";
import { sendBatches } from "./sendBatches.ts";
import { statementOf, writeStatements } from "./writeStatements.ts";

/** What a project used in an epoch on this node. */
export interface UsageOf {
  readonly totals: UsageStatement["totals"];
  readonly minutes: UsageStatement["minutes"];
  /** Whether it is the statement that is signed; else more may come. */
  readonly isSettled: boolean;
}

/** From an epoch's end to the money: statements, batches, claims. */
export interface Settlement {
  /**
   * Looks at the ledger and the chain and takes the next steps; each may be taken again after a crash. For each new head
   * and every second or so; while a pass is at work, another call waits for it. Where the chain cannot be asked, what
   * needs it is tried again later.
   *
   * @param nowMs Unix milliseconds.
   * @throws {LedgerError} `LEDGER_FULL`: nothing is booked by halves.
   */
  settle(nowMs: number, signal: AbortSignal): Promise<void>;
  /** @throws {RpcError} The chain cannot be asked. */
  earned(): Promise<Earned>;
  /** What was used and nobody pays, since the agent started. */
  unpaid(): UnpaidUsage[];
  /** How many receipts wait and are lost, of the epochs that are kept. */
  receipts(): ReceiptCounts;
  /** Undefined where nothing was used, or so long ago that it is pruned. */
  usageOf(key: UsageKey): UsageOf | undefined;
  /** The canonical JSON of a usage statement, as its digest is signed; kept until nobody can dispute it any more. */
  statementText(key: UsageKey): string | undefined;
}

const BACKOFF = { firstMs: 1_000, mostMs: 60_000 };

export function createSettlement(parts: SettlementParts): Settlement {
  const { usage, batches, view, logger } = parts;
  const claims = createClaims(parts);
  const unpaid = createUnpaid();
  const multicalls = createMulticallFinder(parts);
  const backoff = createBackoff(BACKOFF);
  let askAfterMs = 0;
  let prunedIn = -1;
  let working: Promise<void> | undefined;

  async function pass(nowMs: number, signal: AbortSignal): Promise<void> {
    const moment = momentOf(view);
    if (moment.headEpoch < 0) return;
    const mayAct = parts.refusal() === undefined;
    if (mayAct) renewPresence(parts, moment, nowMs);
    await writeStatements({ ...parts, unpaid }, moment, signal);
    resolveStatements(parts, moment);
    // One that lies further ahead was set by a clock that was wrong.
    const isDue = nowMs >= askAfterMs || askAfterMs - nowMs > BACKOFF.mostMs;
    if (mayAct && isDue) await askChain(moment, nowMs, signal);
    if (prunedIn === moment.finalEpoch) return;
    prune(parts, moment, nowMs);
    prunedIn = moment.finalEpoch;
  }

  async function askChain(moment: Moment, nowMs: number, signal: AbortSignal): Promise<void> {
    try {
      const multicall = await multicalls.find(signal);
      await makeBatches(parts, moment, multicall, { nowMs, signal });
      await sendBatches(parts, moment, multicall, { nowMs, signal });
      await claims.claimMatured(moment, nowMs, signal);
      backoff.reset();
    } catch (error) {
      if (!(error instanceof Worker3Error) || error instanceof LedgerError) throw error;
      askAfterMs = nowMs + backoff.next();
      logger.warn({ err: error }, "settlement waits for the chain");
    }
  }

  return {
    async settle(nowMs, signal) {
      working ??= pass(nowMs, signal).finally(() => {
        working = undefined;
      });
      await working;
    },
    earned: () => earnedOf(parts),
    unpaid: unpaid.list,
    receipts: batches.counts,
    usageOf(key) {
      const text = batches.statementText(key);
      const minutes = usage.minutesOf(key);
      if (text === undefined && minutes.length === 0) return undefined;
      const isSettled = text !== undefined;
      const statement = isSettled ? parseStatement(JSON.parse(text)) : statementOf(view, key, minutes);
      return { totals: statement.totals, minutes: statement.minutes, isSettled };
    },
    statementText: batches.statementText,
  };
}

/** Forgets what nobody can dispute, decide or draw any more. */
function prune({ batches, outbox, meter, settings }: SettlementParts, moment: Moment, nowMs: number): void {
  const { late, dispute, decide, epochSeconds } = moment.times;
  // An arbiter may take as long once more.
  const kept = late + dispute + 2 * decide;
  batches.prune(moment.finalEpoch - kept);
  meter.prune(moment.finalEpoch - kept);
  const transactions = Math.max(kept, 2 * settings.claimEveryEpochs) + 1;
  outbox.prune(nowMs - transactions * epochSeconds * 1_000);
}
