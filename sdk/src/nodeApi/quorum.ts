/** Once enough are done, the others get as long again as those took, and at least so long. */
const LEAST_GRACE_MS = 3_000;
/** What nodes tell is small and at hand. */
const LEAST_ANSWER_GRACE_MS = 1_000;

/**
 * How many of a project's replicas are enough to go on without the others: half of them, rounded up. Replicas fetch what they
 * lack from each other, so the others catch up by themselves; with a half, one that is away holds up no project of two or more.
 */
export function enoughOf(replicas: number): number {
  return Math.max(1, Math.ceil(replicas / 2));
}

/** For how long the other nodes are asked once enough have answered: `graceMs` of who only asks. */
export function answersGraceMs(tookMs: number): number {
  return Math.max(LEAST_ANSWER_GRACE_MS, tookMs);
}

export interface WithQuorumParameters<value> {
  /** What each does. It ends soon after its signal aborts, with the value that says how far it came. */
  readonly tasks: readonly ((giveUp: AbortSignal) => Promise<value>)[];
  /** Whether a task did what it should. */
  readonly isDone: (value: value) => boolean;
  /** So many that are done are enough; half of the tasks by default, see `enoughOf`. */
  readonly enough?: number | undefined;
  /** How long the others are awaited then, in ms, by how long those took; as long again, at least 3,000 by default. */
  readonly graceMs?: ((tookMs: number) => number) | undefined;
  /** Ends all tasks at once, as if their time were over. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * Does the same at several replicas at once, and does not let those that are away hold up the rest.
 *
 * @returns What each task came to, in order.
 * @throws What a task throws, first of all; the others are ended.
 */
export async function withQuorum<value>(parameters: WithQuorumParameters<value>): Promise<value[]> {
  const { tasks, isDone, enough = enoughOf(tasks.length), stop } = parameters;
  const { graceMs = (tookMs: number) => Math.max(LEAST_GRACE_MS, tookMs) } = parameters;
  const late = new AbortController();
  const giveUp = stop === undefined ? late.signal : AbortSignal.any([late.signal, stop]);
  const begun = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let done = 0;
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const value = await task(giveUp);
        if (isDone(value)) {
          done += 1;
          if (done === enough)
            timer = setTimeout(() => late.abort(tooLate()), graceMs(performance.now() - begun));
        }
        return value;
      }),
    );
  } finally {
    clearTimeout(timer);
    late.abort();
  }
}

/** As `AbortSignal.timeout` gives it: whoever was asked did not answer in time. */
function tooLate(): DOMException {
  return new DOMException("others were quicker", "TimeoutError");
}

/** Aborts when one of them does; those that are absent never do. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
