import type { Step } from "./chooseSteps.ts";

/** What decides over the order of steps. */
export type LaneStep = Pick<Step, "name" | "needs" | "alone">;

/** How far a run is. Steps that are in neither set wait. */
export interface Progress {
  readonly running: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
}

/** How long a step took before, in seconds. */
export type SecondsOf = (name: string) => number;

/**
 * The step that a free lane takes next; undefined where it has to wait for what others run, or nothing is left. Pure.
 *
 * The one comes first that has the longest way behind it: its own time and that of what waits for it, so that the lanes end
 * about together (list scheduling by critical path, R. L. Graham 1969: at most twice the best, in practice within a few
 * per cent). Steps that run alone come last.
 */
export function nextStep<T extends LaneStep>(
  steps: readonly T[],
  { running, ended }: Progress,
  secondsOf: SecondsOf,
): T | undefined {
  const waiting = steps.filter(({ name }) => !running.has(name) && !ended.has(name));
  if (steps.some(({ name, alone }) => alone && running.has(name))) return undefined;
  const beside = waiting.filter(({ alone }) => !alone);
  if (beside.length === 0) {
    const [first] = waiting;
    return running.size === 0 ? first : undefined;
  }
  const wayOf = waysOf(steps, secondsOf);
  return beside
    .filter(({ needs = [] }) => needs.every((need) => ended.has(need)))
    .reduce<T | undefined>(
      (best, step) => (best === undefined || wayOf(step) > wayOf(best) ? step : best),
      undefined,
    );
}

/** Seconds from the start of a step to the end of the last step that waits for it, if nothing else held them up. */
function waysOf(steps: readonly LaneStep[], secondsOf: SecondsOf): (step: LaneStep) => number {
  const known = new Map<string, number>();
  const wayOf = (step: LaneStep): number => {
    const before = known.get(step.name);
    if (before !== undefined) return before;
    known.set(step.name, 0); // so that a circle of steps ends here, and is told of where nothing can start
    const waiters = steps.filter(({ needs }) => needs?.includes(step.name));
    const way = secondsOf(step.name) + Math.max(0, ...waiters.map(wayOf));
    known.set(step.name, way);
    return way;
  };
  return wayOf;
}

/** A step at its place in a run, in seconds from the start. */
export interface PlannedStep {
  readonly name: string;
  /** From 0. */
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

/** How a run would go if each step took as long as before. Pure; in the order in which steps start. */
export function planLanes(steps: readonly LaneStep[], lanes: number, secondsOf: SecondsOf): PlannedStep[] {
  const plan: PlannedStep[] = [];
  const running = new Map<string, PlannedStep>();
  const ended = new Set<string>();
  let now = 0;
  while (ended.size < steps.length) {
    const free = Array.from({ length: lanes }, (_, lane) => lane).find((lane) =>
      [...running.values()].every((other) => other.lane !== lane),
    );
    const next =
      free === undefined
        ? undefined
        : nextStep(steps, { running: new Set(running.keys()), ended }, secondsOf);
    if (free !== undefined && next !== undefined) {
      const planned = { name: next.name, lane: free, from: now, to: now + secondsOf(next.name) };
      plan.push(planned);
      running.set(next.name, planned);
      continue;
    }
    const [first] = [...running.values()].sort((a, b) => a.to - b.to);
    if (first === undefined) throw new Error("steps wait for each other, or for one that is not there");
    now = first.to;
    running.delete(first.name);
    ended.add(first.name);
  }
  return plan;
}

/** A plan for somebody who chooses: a line for each step in the order of its start, and the sum. Pure. */
export function planText(steps: readonly LaneStep[], lanes: number, secondsOf: SecondsOf): string {
  const plan = planLanes(steps, lanes, secondsOf);
  const width = Math.max(0, ...steps.map(({ name }) => name.length));
  const rows = plan.map(({ name, lane, from, to }) => {
    const step = steps.find((each) => each.name === name);
    const after = step?.needs?.length ? `  after ${step.needs.join(", ")}` : "";
    const seconds = `${to - from} s`.padStart(6);
    return `${name.padEnd(width)} ${seconds}  ${step?.alone ? "alone" : `lane ${lane + 1}`}, from ${from} s${after}`;
  });
  const end = Math.max(0, ...plan.map(({ to }) => to));
  return `${[...rows, "", `${steps.length} steps, about ${end} s`].join("\n")}\n`;
}
