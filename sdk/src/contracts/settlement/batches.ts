import type { Hash, Hex } from "viem";
import { usageSettlement } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { countBatch, type ReceiptOutcome } from "../../protocol/countBatch.ts";
import { decodeLines } from "../../receipts/decodeLines.ts";
import { encodeReceipts } from "../../receipts/encodeReceipts.ts";
import type { Line, Receipt } from "../../receipts/receipt.ts";
import { defineView, defineWrite } from "../define.ts";
import { accountOf } from "../escrow/credit.ts";
import { termsWords } from "../projects/terms.ts";
import type { ReadOptions } from "../read.ts";
import { pricesAt } from "./epochs.ts";

/** Why a receipt was not counted, in the order of the contract's enum. It may come again until its deadline. */
export const SKIP_REASONS = ["NoSeat", "AlreadyCounted", "TooLittleCredit"] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** The reason of its number on chain. */
export function skipReason(number: number): SkipReason {
  const reason = SKIP_REASONS[number];
  if (reason === undefined) throw new RangeError(`there is no skip reason ${number}`);
  return reason;
}

export interface SignedBatch {
  readonly nodeId: number;
  /** `epoch < now <= epoch + late`. */
  readonly epoch: number;
  /** See `statementsDigest`. */
  readonly statements: Hash;
  /** 1 to 256; or the very bytes that were signed. */
  readonly receipts: readonly Receipt[] | Hex;
  /** The operator's, see `signUsageBatch`. */
  readonly signature: Hex;
}

export interface SkippedReceipt {
  readonly projectId: bigint;
  readonly reason: SkipReason;
}

export interface Submitted {
  /** What was counted, in the order of the batch, with the amount that each was charged. */
  readonly lines: readonly Line[];
  /** What was not; it may come again until its deadline. */
  readonly skipped: readonly SkippedReceipt[];
}

/**
 * Counts a batch: for each receipt with a seat in its epoch, not counted yet and with credit for all of it, charges the
 * project. Anyone may relay.
 *
 * @throws `BATCH_HAS_WRONG_SIZE`, `NOT_SUBMITTABLE`, `USAGE_AFTER_RETIREMENT`, `WRONG_BATCH_SIGNATURE`, `NOTHING_COUNTED`, `PAUSED`, or what
 *   every write throws, see `sendCall`.
 */
export const submit = /* @__PURE__ */ defineWrite({
  contract: usageSettlement,
  functionName: "submit",
  args: ({ nodeId, epoch, statements, receipts, signature }: SignedBatch) => [
    nodeId,
    epoch,
    statements,
    typeof receipts === "string" ? receipts : encodeReceipts(receipts),
    signature,
  ],
  result: (events): Submitted => ({
    lines: decodeLines(events.last("BatchCounted").lines),
    skipped: events
      .all("ReceiptSkipped")
      .map(({ projectId, reason }) => ({ projectId, reason: skipReason(reason) })),
  }),
});

/**
 * The ring word of a project, see `countedSeats`.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const ringOf = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "ringOf",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
});

export interface PreviewBatchParameters extends ReadOptions {
  readonly nodeId: number;
  readonly epoch: number;
  readonly receipts: readonly Receipt[];
  /** What receipts that come before these take of projects' credit, in base units. */
  readonly spent?: ReadonlyMap<bigint, bigint> | undefined;
}

/**
 * What `submit` would do with each receipt. A batch of which nothing counts is refused as a whole (`NOTHING_COUNTED`)
 * without saying why; this says it.
 *
 * @throws `PRICES_FORGOTTEN` for an epoch whose receipts can no longer come, or that the chain cannot be asked.
 */
export async function previewBatch(
  client: NetworkClient,
  { nodeId, epoch, receipts, spent, at }: PreviewBatchParameters,
): Promise<ReceiptOutcome[]> {
  const projectIds = [...new Set(receipts.map(({ projectId }) => projectId))];
  const [prices, words, rings, accounts] = await Promise.all([
    pricesAt(client, { epoch, at }),
    termsWords(client, { projectIds, epoch, at }),
    Promise.all(projectIds.map((projectId) => ringOf(client, { projectId, at }))),
    Promise.all(projectIds.map((projectId) => accountOf(client, { projectId, at }))),
  ]);
  const projects = new Map(
    projectIds.map((projectId, i) => [
      projectId,
      {
        terms: words[i] ?? 0n,
        ring: rings[i] ?? 0n,
        balance: maxOf((accounts[i]?.balance ?? 0n) - (spent?.get(projectId) ?? 0n), 0n),
      },
    ]),
  );
  const nothing = { terms: 0n, ring: 0n, balance: 0n };
  const projectOf = (projectId: bigint) => projects.get(projectId) ?? nothing;
  return countBatch({ nodeId, epoch, prices, receipts, projectOf });
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
