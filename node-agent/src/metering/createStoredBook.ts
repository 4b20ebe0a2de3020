import { epochAt, epochStart, type Times } from "@worker3/sdk";
import type { Meter, StoredUsage } from "./createMeter.ts";

export interface StoredBookParts {
  readonly meter: Pick<Meter, "bookStored">;
  readonly times: Pick<Times, "genesis" | "epochSeconds">;
  /** The chain's time, Unix milliseconds. */
  readonly nowMs: () => number;
  /** What the seats of this epoch hold, in bytes, of each project that is served here and pays for it. */
  readonly held: () => ReadonlyMap<bigint, bigint>;
}

/** Books what seats are obliged to hold, for as long as they do. */
export interface StoredBook {
  /**
   * Books the seconds since the last call. Of each that began, what is held now counts, in the epoch that it belongs to; to be
   * called each second. What it throws is the meter's; what could not be booked comes with the next call.
   */
  book(): void;
  /** Writes what waits. Throws as `book`. */
  flush(): void;
}

/** After more, nobody knows what was served meanwhile: the machine slept, or the clock was corrected. */
const MOST_SECONDS = 10;
/** So long what is counted waits to be written, unless its epoch is over: a crash costs no more. */
const WRITE_SECONDS = 5;

export function createStoredBook({ meter, times, nowMs, held }: StoredBookParts): StoredBook {
  const secondNow = () => Math.floor(nowMs() / 1_000);
  const epochOf = (second: number) => epochAt(times, Math.max(second, times.genesis));
  let last = secondNow();
  let before: ReadonlyMap<bigint, bigint> = new Map();
  let writtenAt = last;
  let waiting = new Map<string, StoredUsage>();

  function add(projectId: bigint, epoch: number, bytes: bigint): void {
    const key = `${projectId} ${epoch}`;
    const { storedByteSeconds = 0n, storedSeconds = 0 } = waiting.get(key) ?? {};
    waiting.set(key, {
      projectId,
      epoch,
      minuteMs: epochStart(times, epoch) * 1_000,
      storedByteSeconds: storedByteSeconds + bytes,
      storedSeconds: storedSeconds + 1,
    });
  }

  function flush(): void {
    if (waiting.size === 0) return;
    meter.bookStored([...waiting.values()]);
    waiting = new Map();
    writtenAt = last;
  }

  return {
    book() {
      const now = secondNow();
      // A second that was counted once is not counted again where the clock goes back a little.
      if (now <= last && last - now <= MOST_SECONDS) return;
      const current = held();
      const epoch = epochOf(now);
      const isOverEpoch = epochOf(last) !== epoch;
      if (now > last && now - last <= MOST_SECONDS) {
        for (let second = last + 1; second <= now; second++) {
          // What an epoch gave a seat for ended with it: its last seconds are what was held then.
          const of = epochOf(second);
          for (const [projectId, bytes] of of === epoch ? current : before) add(projectId, of, bytes);
        }
      }
      [last, before] = [now, current];
      if (isOverEpoch || now - writtenAt >= WRITE_SECONDS || now < writtenAt) flush();
    },
    flush,
  };
}
