/** What a look at a cell shows. */
export interface CpuSample {
  readonly atMs: number;
  /** CPU time that it used so far, and time that it waited for a core, in ms: of the thread that runs its JavaScript. */
  readonly cpuMs: number;
  readonly waitedMs: number;
  /** Requests that it was given so far, and those under way. */
  readonly started: number;
  readonly inFlight: number;
}

/** What is remembered of a cell from look to look. */
export interface CpuState {
  readonly last: CpuSample;
  /** CPU time that its requests may still use before one has used too much, in ms. Never above the burst. */
  readonly allowanceMs: number;
  /** CPU time that nobody is charged for yet, in ms: V8 compiles what the first requests run. */
  readonly graceMs: number;
  /** Since when it has used or wanted a core nearly all the time, and its CPU time then; undefined while it is not busy. */
  readonly busy: { readonly sinceMs: number; readonly fromCpuMs: number } | undefined;
}

export type CpuVerdict =
  | { readonly kind: "fine" }
  /** It may hang: ask the process itself for a sign of life. */
  | { readonly kind: "ask" }
  /** Its requests used more than they may: what has been under way for `minAgeMs` is cut off. It may hang too. */
  | { readonly kind: "cut"; readonly usedMs: number; readonly minAgeMs: number };

/** Whoever rests more than the rest of this share does not hang. Waiting for a core is no rest: others may have taken it. */
const BUSY_SHARE = 0.75;
/** So much CPU time on end, and the process is asked whether it still answers; where a request may use more, that much. */
const HANG_BUSY_MS = 350;
/** Looks at the CPU clock and at requests are up to a tenth of a second apart. */
const BURST_MS = 100;
const GRACE_MS = 500;
/** What a request's way from the edge's clock to its first CPU time takes at most. */
const WAY_MS = 50;

/** A cell that is looked at for the first time. */
export function firstCpuState(sample: CpuSample, limitMs: number): CpuState {
  return { last: sample, allowanceMs: limitMs + BURST_MS, graceMs: GRACE_MS, busy: undefined };
}

/** It gave a sign of life: its busy time begins anew. */
export function answeredCpuState(state: CpuState): CpuState {
  const { last, busy } = state;
  return { ...state, busy: busy && { ...busy, fromCpuMs: last.cpuMs } };
}

/**
 * Judges a cell by two looks at it.
 *
 * Only the process as a whole has a CPU clock. So a project has an allowance: each request that starts adds its limit, CPU
 * time takes away, and no more than a burst is saved up. It is used up only where requests used more than their limit on
 * average; then those under way since the busy time began are the ones that did.
 */
export function judgeCpu(
  state: CpuState,
  sample: CpuSample,
  limitMs: number,
): { state: CpuState; verdict: CpuVerdict } {
  const { last } = state;
  const elapsedMs = Math.max(1, sample.atMs - last.atMs);
  const usedMs = Math.max(0, sample.cpuMs - last.cpuMs);
  // A new edge process begins to count anew.
  const started = Math.max(0, sample.started - last.started);
  const isServing = last.inFlight + sample.inFlight + started > 0;
  const burstMs = Math.max(limitMs + BURST_MS, sample.inFlight * limitMs);

  const wantedMs = usedMs + Math.max(0, sample.waitedMs - last.waitedMs);
  const isBusy = wantedMs >= BUSY_SHARE * elapsedMs;
  const begun = state.busy ?? { sinceMs: sample.atMs - wantedMs, fromCpuMs: last.cpuMs };
  const busy = isBusy ? begun : undefined;

  // What it does while no request is under way is metered, but no request's.
  const chargedMs = isServing ? Math.max(0, usedMs - state.graceMs) : 0;
  const graceMs = isServing ? Math.max(0, state.graceMs - usedMs) : state.graceMs;
  const allowanceMs = Math.min(state.allowanceMs + started * limitMs - chargedMs, burstMs);
  const next = { last: sample, graceMs, busy };

  if (allowanceMs < 0 && sample.inFlight > 0) {
    return {
      // They are gone, and what they used with them.
      state: { ...next, allowanceMs: burstMs },
      verdict: {
        kind: "cut",
        usedMs: Math.round(busy === undefined ? usedMs : sample.cpuMs - busy.fromCpuMs),
        minAgeMs: busy === undefined ? 0 : Math.max(0, Math.floor(sample.atMs - busy.sinceMs - WAY_MS)),
      },
    };
  }
  const isLong = busy !== undefined && sample.cpuMs - busy.fromCpuMs >= Math.max(HANG_BUSY_MS, limitMs);
  return {
    state: { ...next, allowanceMs: Math.max(0, allowanceMs) },
    verdict: { kind: isLong ? "ask" : "fine" },
  };
}
