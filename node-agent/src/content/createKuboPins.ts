import type { ErrorDocument, Network } from "@worker3/sdk";
import { type Kubo, KuboError } from "@worker3/sdk/node";
import type { Logger } from "pino";
import { createBackoff } from "../background/backoff.ts";
import type { KuboPinTable } from "../ledger/kuboPinTable.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import type { ContentStore } from "./ContentStore.ts";
import { decidePins } from "./decidePins.ts";
import type { PinWishes } from "./pinWishes.ts";

/** How often a daemon that answers is asked whether it still does. */
const LOOK_MS = 60_000;
/** How often it is asked what it has pinned: others may have unpinned something, or put another repository in its place. */
const READ_MS = 600_000;
const WAITS = { firstMs: 1_000, mostMs: 300_000 };

export interface KuboPinsParts {
  readonly kubo: Kubo;
  /** What the pins of this node are called, see `pinNameOf`. */
  readonly name: string;
  /** Whether anything is pinned; if not, the daemon is only asked whether it answers. */
  readonly isPinning: boolean;
  readonly table: KuboPinTable;
  readonly store: Pick<ContentStore, "openCar">;
  readonly wishes: PinWishes;
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
}

/** What the operator sees of an IPFS daemon. */
export interface KuboStatus {
  readonly url: string;
  /** Null while it does not answer. */
  readonly version: string | null;
  /** Null where nothing is pinned there. */
  readonly pins: {
    readonly pinned: number;
    readonly waiting: number;
    /** Pinned there already, by somebody else; they stay when this node drops the content. */
    readonly ofOthers: number;
    /** What it does not take, tried again within ten minutes. */
    readonly refused: number;
  } | null;
  readonly error: ErrorDocument | null;
}

/** Has an IPFS daemon hold what this node keeps, so that others find it there. */
export interface KuboPins {
  /** Brings the daemon's pins nearer to what they should be; does nothing while it waits for a daemon that failed. */
  round(signal: AbortSignal): Promise<void>;
  status(): KuboStatus;
}

/** A name that no other node gives its pins, though they share a daemon. */
export function pinNameOf({ chainId, contracts, times }: Network, nodeId: number): string {
  return `worker3:${chainId}:${contracts.usageSettlement.toLowerCase()}:${times.genesis}:node:${nodeId}`;
}

/**
 * The daemon is the record of what is pinned, by the pins' names; the table, of what this node had pinned. A pin is taken
 * away only where both say that it is this node's. There is no queue: what is still to do follows from what is kept, so
 * that a daemon may be away for as long as it likes.
 */
export function createKuboPins(parts: KuboPinsParts): KuboPins {
  const { kubo, name, isPinning, table, store, logger } = parts;
  const { wanted, isGone } = parts.wishes;
  const { url } = kubo;
  const backoff = createBackoff(WAITS);
  let version: string | undefined;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let readMs = Number.NEGATIVE_INFINITY;
  let retryMs = Number.NEGATIVE_INFINITY;
  let trouble: KuboError | undefined;
  /** Undefined while it is not known. */
  let pinned: Set<string> | undefined;
  const aside = new Map<string, "others" | "refused">();
  const failures = new Map<string, number>();

  async function look(signal: AbortSignal): Promise<void> {
    const nowMs = monotonicMs();
    if (nowMs - lookedMs >= LOOK_MS) {
      version = await kubo.version(signal);
      lookedMs = nowMs;
    }
    if (!isPinning || (pinned !== undefined && nowMs - readMs < READ_MS)) return;
    const ours = new Set(table.list());
    const kept = new Set(wanted());
    const found = new Set<string>();
    // Of what bears the name, only what this node knows of: its memory has a bound whatever is told.
    for await (const cid of kubo.pinsNamed(name, signal)) {
      if (kept.has(cid)) table.insert(cid);
      if (kept.has(cid) || ours.has(cid)) found.add(cid);
    }
    aside.clear();
    for (const cid of failures.keys()) if (!kept.has(cid) && !ours.has(cid)) failures.delete(cid);
    pinned = found;
    readMs = nowMs;
  }

  async function match(pinned: Set<string>, signal: AbortSignal): Promise<void> {
    const todo = decidePins({ wanted: wanted(), pinned, recorded: table.list(), aside, failures, isGone });
    for (const cid of todo.unpin) await unlessRefused(cid, signal, () => unpin(cid, pinned, signal));
    for (const cid of todo.pin) {
      // Those before took their time.
      if (!isGone(cid)) await unlessRefused(cid, signal, () => pin(cid, pinned, signal));
    }
  }

  async function unpin(cid: string, pinned: Set<string>, signal: AbortSignal): Promise<void> {
    if ((await kubo.pinOf(cid, signal))?.name === name) {
      await kubo.unpin(cid, signal);
      logger.info({ cid, url }, "the IPFS daemon holds a dropped content no longer");
    }
    table.delete(cid);
    pinned.delete(cid);
  }

  async function pin(cid: string, pinned: Set<string>, signal: AbortSignal): Promise<void> {
    const there = await kubo.pinOf(cid, signal);
    if (there !== undefined && there.name !== name) {
      aside.set(cid, "others");
      return;
    }
    if (there === undefined) {
      const car = await store.openCar(cid);
      if (car === undefined) return;
      // Noted first: what a crash leaves pinned is known for this node's.
      table.insert(cid);
      try {
        await kubo.importCar(car.stream, signal);
      } finally {
        car.stream.destroy();
      }
      await kubo.pin(cid, name, signal);
      logger.info({ cid, url }, "the IPFS daemon holds a content");
    }
    table.insert(cid);
    pinned.add(cid);
    failures.delete(cid);
  }

  /** What concerns one content only is left alone until the pins are read again. */
  async function unlessRefused(cid: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KuboError && error.code !== "KUBO_REFUSED") {
        failures.set(cid, (failures.get(cid) ?? 0) + 1);
        throw error;
      }
      aside.set(cid, "refused");
      logger.warn({ cid, url, err: error }, "a content cannot be pinned or unpinned in the IPFS daemon");
    }
  }

  function failed(error: KuboError): void {
    version = undefined;
    pinned = undefined;
    lookedMs = Number.NEGATIVE_INFINITY;
    const waitMs = Math.round(backoff.next());
    retryMs = monotonicMs() + waitMs;
    // Once for each kind of trouble, however long it lasts.
    const level = trouble?.code === error.code ? "debug" : "warn";
    logger[level]({ url, err: error, retryMs: waitMs }, "the IPFS daemon does not do what it is asked for");
    trouble = error;
  }

  return {
    async round(signal) {
      if (monotonicMs() < retryMs) return;
      try {
        await look(signal);
        if (pinned !== undefined) await match(pinned, signal);
      } catch (error) {
        if (!(error instanceof KuboError)) throw error;
        failed(error);
        return;
      }
      if (trouble !== undefined) logger.info({ url, version }, "the IPFS daemon answers again");
      trouble = undefined;
      backoff.reset();
    },
    status() {
      const kept = wanted();
      const has = pinned ?? new Set(table.list());
      const isAside = (why: "others" | "refused") => kept.filter((cid) => aside.get(cid) === why).length;
      return {
        url,
        version: version ?? null,
        pins: isPinning
          ? {
              pinned: kept.filter((cid) => has.has(cid)).length,
              waiting: kept.filter((cid) => !has.has(cid) && !aside.has(cid)).length,
              ofOthers: isAside("others"),
              refused: isAside("refused"),
            }
          : null,
        error: trouble?.toJSON() ?? null,
      };
    },
  };
}
