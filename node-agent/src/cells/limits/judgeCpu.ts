/** What a look at a cell shows. */
export interface CpuSample {
  readonly atMs: number;
  /** CPU time that it used so far, and time that it waited for a core, in ms: of the thread that runs its JavaScript. */
  readonly cpuMs: number;
  readonly waitedMs: number;
  /** Requests and WebSocket messages that it was given so far, and the requests and WebSockets under way. */
  readonly started: number;
  readonly messages: number;
  readonly inFlight: number;
  /** Bytes that went to it and came from it so far. */
  readonly carriedBytes: number;
  /** One for each begun response or WebSocket in each tenth of a second in which it carried something, so far. */
  readonly moments: number;
}

/** What is remembered of a cell from look to look. */
export interface CpuState {
  readonly last: CpuSample;
  /** CPU time that its requests may still use before one has used too much, in ms. Never above the burst. */
  readonly allowanceMs: number;
  /** Since when the allowance is not full, and what was charged since then, in ms. */
  readonly spell: { readonly sinceMs: number; readonly chargedMs: number };
  /** CPU time that nobody is charged for yet, in ms: V8 compiles what the first requests run. */
  readonly graceMs: number;
  /** Since when it has used or wanted a core nearly all the time, and its CPU time then; undefined while it is not busy. */
  readonly busy: { readonly sinceMs: number; readonly fromCpuMs: number } | undefined;
}

export type CpuVerdict =
  | { readonly kind: "fine" }
  /** It may hang: ask the process itself for a sign of life. */
  | { readonly kind: "ask" }
  /** Its requests used more than they may: who did is cut off. It may hang too. */
  | {
      readonly kind: "cut";
      /** What they used in `spellMs`, and what they might have used; always less. */
      readonly usedMs: number;
      readonly allowedMs: number;
      readonly spellMs: number;
      /** Since when the work went on that has to end, and what came too late to be it. */
      readonly windowMs: number;
      readonly minAgeMs: number;
    };

/** Whoever rests more than the rest of this share does not hang. Waiting for a core is no rest: others may have taken it. */
const BUSY_SHARE = 0.75;
/** So much CPU time on end, and the process is asked whether it still answers; where a request may use more, that much. */
const HANG_BUSY_MS = 350;
/** Looks at the CPU clock and at requests are up to a tenth of a second apart. */
const BURST_MS = 100;
const GRACE_MS = 500;
/** What a request's way from the edge's clock to its first CPU time takes at most. */
const WAY_MS = 50;
const MIB = 1_048_576;
/**
 * CPU time that a MiB earns that is carried: copying it from socket to socket takes about 1 ms, reading it in JavaScript
 * 5, a TransformStream 9.
 */
export const MIB_MS = 10;
/** What a stream or WebSocket earns for each tenth of a second in which it carried something: a twentieth of a core. */
const MOMENT_MS = 5;

/** A cell that is looked at for the first time. */
export function firstCpuState(sample: CpuSample, limitMs: number): CpuState {
  const spell = { sinceMs: sample.atMs, chargedMs: 0 };
  return { last: sample, allowanceMs: limitMs + BURST_MS, spell, graceMs: GRACE_MS, busy: undefined };
}

/** It gave a sign of life: its busy time begins anew. */
export function answeredCpuState(state: CpuState): CpuState {
  const { last, busy } = state;
  return { ...state, busy: busy && { ...busy, fromCpuMs: last.cpuMs } };
}

/**
 * Judges a cell by two looks at it.
 *
 * Only the process as a whole has a CPU clock. So a project has an allowance: each request that starts and each message
 * adds its limit, what is carried adds a little, CPU time takes away, and no more than a burst is saved up. It is used up
 * only where requests used more than their limit on average; who did is among those under way since the busy time began.
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
  const more = (field: "started" | "messages" | "carriedBytes" | "moments") =>
    Math.max(0, sample[field] - last[field]);
  const started = more("started");
  const earnedMs =
    (started + more("messages")) * limitMs +
    (more("carriedBytes") / MIB) * MIB_MS +
    more("moments") * Math.min(limitMs, MOMENT_MS);
  const isServing = last.inFlight + sample.inFlight + started > 0;
  const burstMs = Math.max(limitMs + BURST_MS, sample.inFlight * limitMs);

  const wantedMs = usedMs + Math.max(0, sample.waitedMs - last.waitedMs);
  const isBusy = wantedMs >= BUSY_SHARE * elapsedMs;
  const begun = state.busy ?? { sinceMs: sample.atMs - wantedMs, fromCpuMs: last.cpuMs };
  const busy = isBusy ? begun : undefined;

  // What it does while no request is under way is metered, but no request's.
  const chargedMs = isServing ? Math.max(0, usedMs - state.graceMs) : 0;
  const graceMs = isServing ? Math.max(0, state.graceMs - usedMs) : state.graceMs;
  const allowanceMs = Math.min(state.allowanceMs + earnedMs - chargedMs, burstMs);
  const full = { sinceMs: sample.atMs, chargedMs: 0 };
  const spell =
    allowanceMs < burstMs ? { ...state.spell, chargedMs: state.spell.chargedMs + chargedMs } : full;
  const next = { last: sample, graceMs, busy };

  if (allowanceMs < 0 && sample.inFlight > 0) {
    const spellMs = Math.ceil(sample.atMs - spell.sinceMs);
    return {
      // They are gone, and what they used with them.
      state: { ...next, allowanceMs: burstMs, spell: full },
      verdict: {
        kind: "cut",
        usedMs: Math.ceil(spell.chargedMs),
        allowedMs: Math.floor(spell.chargedMs + allowanceMs),
        spellMs,
        windowMs: (busy === undefined ? spellMs : Math.ceil(sample.atMs - busy.sinceMs)) + WAY_MS,
        minAgeMs: busy === undefined ? 0 : Math.max(0, Math.floor(sample.atMs - busy.sinceMs - WAY_MS)),
      },
    };
  }
  const isLong = busy !== undefined && sample.cpuMs - busy.fromCpuMs >= Math.max(HANG_BUSY_MS, limitMs);
  return {
    // What nobody is under way for any more is forgiven.
    state: { ...next, allowanceMs: Math.max(0, allowanceMs), spell: allowanceMs < 0 ? full : spell },
    verdict: { kind: isLong ? "ask" : "fine" },
  };
}
