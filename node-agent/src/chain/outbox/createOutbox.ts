import {
  contractError,
  type EncodedCall,
  type ErrorDocument,
  RpcError,
  untilAborted,
  Worker3Error,
} from "@worker3/sdk";
import type { Address, PublicClient } from "viem";
import { createBackoff } from "../../background/backoff.ts";
import type { OutboxRow } from "../../ledger/outboxTable.ts";
import { createAlarm } from "./createAlarm.ts";
import { createGapMender } from "./mendGap.ts";
import { OutboxError } from "./OutboxError.ts";
import type { OutboxParts } from "./OutboxParts.ts";
import { sendQueued } from "./sendQueued.ts";
import { watchSent } from "./watchSent.ts";

export interface CreateOutboxParameters
  extends Omit<OutboxParts, "maxFeePerGas" | "nowMs" | "countTransactions" | "missedOnce">,
    Partial<Pick<OutboxParts, "maxFeePerGas" | "nowMs" | "countTransactions">> {
  /** How often transactions on their way are looked after where nobody wakes the outbox. */
  readonly pollMs?: number;
  /** Why nothing is to be sent now; undefined, or absent, where all may be. */
  readonly refusal?: () => Worker3Error | undefined;
}

/** A call of a contract by the operator. */
export interface OutboxCall extends EncodedCall {
  /** What it is for, such as `submit:17`: there is one transaction for it. */
  readonly reference: string;
}

export interface OutboxStatus {
  /** The operator's account, which pays the gas. */
  readonly address: Address;
  /** How many transactions wait, are on their way or not final. */
  readonly queueLength: number;
  /** What holds them up now; undefined while all is well. */
  readonly lastError: ErrorDocument | undefined;
}

/**
 * The transactions of the operator's key. A call that was enqueued is mined once, whatever happens to this process, the
 * RPC or the chain meanwhile; or it fails, and its owner reads why.
 */
export interface Outbox {
  /** Puts a call into the queue, unless its reference is known. Joins the ledger's transaction around it. */
  enqueue(call: OutboxCall): void;
  /** Puts a failed call back into the queue, perhaps with other data. Does nothing to one that has not failed. */
  retry(call: OutboxCall): void;
  find(reference: string): OutboxRow | undefined;
  /** Those whose reference begins so, in the order in which they came. */
  list(prefix: string): OutboxRow[];
  /** There is a new head: look after what is on its way. */
  wake(): void;
  /**
   * Takes the next step of every transaction, one after the other. Not while `run` or another pass is at work.
   *
   * @throws {Worker3Error} What held one of them up; the others had their turn unless the chain cannot be asked.
   */
  pass(signal: AbortSignal): Promise<void>;
  /** Works until `signal` aborts. Never throws. */
  run(signal: AbortSignal): Promise<void>;
  status(): OutboxStatus;
  /** Forgets what ended before, in Unix milliseconds. */
  prune(beforeMs: number): void;
}

/** A unit of gas for more than this is a mistake, or a day to wait. */
const MAX_FEE_PER_GAS = 500_000_000_000n;
const POLL_MS = 5_000;
const BACKOFF = { firstMs: 500, mostMs: 30_000 };
/** With these the next transaction would fare no better. */
const RPC_AWAY: ReadonlySet<string> = new Set(["RPC_UNREACHABLE", "RPC_TIMEOUT", "RPC_LIMITED"]);

export function createOutbox({
  pollMs = POLL_MS,
  refusal = () => undefined,
  ...parameters
}: CreateOutboxParameters): Outbox {
  const parts: OutboxParts = {
    maxFeePerGas: MAX_FEE_PER_GAS,
    nowMs: Date.now,
    countTransactions: (address, at) => countBy(parameters.client.publicClient, address, at),
    missedOnce: new Set(),
    ...parameters,
  };
  const { table, nowMs, logger, account } = parts;
  const gaps = createGapMender(parts);
  const alarm = createAlarm();
  let lastError: Worker3Error | undefined;

  async function pass(signal: AbortSignal): Promise<void> {
    const refused = refusal();
    if (refused !== undefined) throw refused;
    let held: Worker3Error | undefined;
    const turn = async (step: () => Promise<void>): Promise<void> => {
      signal.throwIfAborted();
      try {
        await step();
      } catch (cause) {
        const error = contractError(cause);
        if (!(error instanceof Worker3Error)) throw error;
        if (error instanceof RpcError && RPC_AWAY.has(error.code)) throw error;
        held ??= error;
      }
    };
    for (const row of table.list(["sent", "mined"])) await turn(() => watchSent(parts, row));
    // What waits takes a nonce that is missing; only what is missing after that has to be filled.
    for (const row of table.list(["queued"])) await turn(() => sendQueued(parts, row));
    await turn(gaps.mend);
    if (held !== undefined) throw held;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const backoff = createBackoff(BACKOFF);
    while (!signal.aborted) {
      let waitMs = pollMs;
      try {
        await untilAborted(pass(signal), signal);
        lastError = undefined;
        backoff.reset();
      } catch (cause) {
        if (signal.aborted) return;
        waitMs = backoff.next();
        const error = outboxError(cause);
        if (error.code !== lastError?.code) logger.warn({ err: error }, "transactions cannot be sent");
        lastError = error;
      }
      await alarm.wait(waitMs, signal);
    }
  }

  return {
    enqueue(call) {
      if (table.add(call, nowMs())) alarm.wake();
    },
    retry(call) {
      if (table.requeue(call, nowMs())) alarm.wake();
    },
    find: table.find,
    list: table.withPrefix,
    wake: alarm.wake,
    pass,
    run,
    status: () => ({
      address: account.address,
      queueLength: table.list(["queued", "sent", "mined"]).length,
      lastError: lastError?.toJSON(),
    }),
    prune: table.prune,
  };
}

/** How many transactions of an account an RPC counts, up to the newest block or another one. */
export function countBy(
  client: Pick<PublicClient, "getTransactionCount">,
  address: Address,
  at: "latest" | bigint,
): Promise<number> {
  return client.getTransactionCount(
    at === "latest" ? { address, blockTag: at } : { address, blockNumber: at },
  );
}

function outboxError(cause: unknown): Worker3Error {
  if (cause instanceof Worker3Error) return cause;
  return new OutboxError({
    code: "OUTBOX_FAILED",
    message: `the outbox failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: "the agent tries again; tell us if this stays",
    cause,
  });
}
