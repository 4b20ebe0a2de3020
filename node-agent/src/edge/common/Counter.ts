import { monotonicMs } from "../../process/monotonicMs.ts";
import type { CountRow } from "../CountReport.ts";
import type { EpochClock } from "../EpochClock.ts";

const MINUTE_MS = 60_000;

interface Slot {
  readonly epoch: number;
  readonly minuteMs: number;
  /** The slot holds from `fromMs` to before `untilMs`, by `monotonicMs`. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Requests and bytes by project, epoch and minute, by the chain's clock. */
export class Counter {
  readonly #now: () => number;
  #clock: EpochClock;
  #slot: Slot;
  #rows = new Map<string, { requests: number; egressBytes: number }>();
  #past: CountRow[] = [];
  #closedEpoch: number;

  /** @param now Milliseconds, as `monotonicMs`. */
  constructor(clock: EpochClock, now: () => number = monotonicMs) {
    this.#clock = clock;
    this.#now = now;
    this.#closedEpoch = Math.min(epochAt(clock, now() + clock.offsetMs), clock.reachedEpoch) - 1;
    this.#slot = this.#slotNow();
  }

  get closedEpoch(): number {
    return this.#closedEpoch;
  }

  addRequest(projectId: string): void {
    this.#row(projectId).requests += 1;
  }

  addEgress(projectId: string, bytes: number): void {
    this.#row(projectId).egressBytes += bytes;
  }

  setClock(clock: EpochClock): void {
    this.#closeSlot();
    this.#clock = clock;
    this.#slot = this.#slotNow();
  }

  /** What was counted since the last call, and the newest epoch that no later call has rows of. */
  take(): { counts: CountRow[]; closedEpoch: number } {
    this.#closeSlot();
    this.#slot = this.#slotNow();
    this.#closedEpoch = Math.max(this.#closedEpoch, Math.min(this.#slot.epoch, this.#clock.reachedEpoch) - 1);
    return { counts: this.#past.splice(0), closedEpoch: this.#closedEpoch };
  }

  #row(projectId: string) {
    const now = this.#now();
    if (now >= this.#slot.untilMs || now < this.#slot.fromMs) {
      this.#closeSlot();
      this.#slot = this.#slotNow();
    }
    let row = this.#rows.get(projectId);
    if (row === undefined) {
      row = { requests: 0, egressBytes: 0 };
      this.#rows.set(projectId, row);
    }
    return row;
  }

  #closeSlot(): void {
    const { epoch, minuteMs } = this.#slot;
    for (const [projectId, row] of this.#rows) this.#past.push({ projectId, epoch, minuteMs, ...row });
    this.#rows.clear();
  }

  #slotNow(): Slot {
    const { genesisMs, epochMs, offsetMs } = this.#clock;
    const chainMs = this.#now() + offsetMs;
    // A clock that was set back must not reopen an epoch that a report said is closed.
    const epoch = Math.max(epochAt(this.#clock, chainMs), this.#closedEpoch + 1);
    const epochStartMs = genesisMs + epoch * epochMs;
    const minuteMs = floorMinute(Math.max(chainMs, epochStartMs));
    return {
      epoch,
      minuteMs,
      fromMs: Math.min(chainMs, Math.max(epochStartMs, minuteMs)) - offsetMs,
      untilMs: Math.min(epochStartMs + epochMs, minuteMs + MINUTE_MS) - offsetMs,
    };
  }
}

function epochAt(clock: EpochClock, chainMs: number): number {
  return Math.max(0, Math.floor((chainMs - clock.genesisMs) / clock.epochMs));
}

function floorMinute(ms: number): number {
  return ms - (ms % MINUTE_MS);
}
