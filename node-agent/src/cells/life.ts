/** Where a cell is in its life. Nothing ever goes back: a project that sleeps again gets another cell. */
export type Life =
  /** No process yet. */
  | "sleeping"
  /** There is a process, which does not serve yet. */
  | "starting"
  /** It serves. */
  | "warm"
  /** It gets no new request, and ends when those it has are through or their time is up. */
  | "draining"
  /** No process is left. */
  | "gone";

export type LifeEvent =
  /** Somebody needs it. */
  | "wake"
  /** Its process answers for itself. */
  | "ready"
  /** It is not needed any more: idle, replaced, evicted, unpaid. */
  | "retire"
  /** Its process ended, or never came to be. */
  | "end";

const TRANSITIONS: Readonly<Record<Life, Partial<Record<LifeEvent, Life>>>> = {
  sleeping: { wake: "starting", retire: "gone" },
  starting: { ready: "warm", retire: "draining", end: "gone" },
  warm: { retire: "draining", end: "gone" },
  // A start that was given up may still succeed: what comes of it drains at once.
  draining: { ready: "draining", end: "gone" },
  gone: {},
};

/** The state after an event; undefined where the event means nothing in this state, and nothing is to be done. */
export function nextLife(life: Life, event: LifeEvent): Life | undefined {
  return TRANSITIONS[life][event];
}
