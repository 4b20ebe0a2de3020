import type { CutChoice } from "../CutChoice.ts";
import type { Carried } from "./Traffic.ts";

/** A request under way, as a choice sees it. */
export interface Suspect {
  /** When it began, by the clock of `nowMs`. */
  readonly sinceMs: number;
  /** Whether no response has begun. */
  readonly isPending: boolean;
  readonly traffic: {
    readonly lastGivenMs: number;
    readonly heldBytes: number;
    since(fromMs: number): Carried;
  };
}

const MIB = 1_048_576;

/** The requests that a choice means. */
export function chooseCut<T extends Suspect>(suspects: readonly T[], choice: CutChoice, nowMs: number): T[] {
  switch (choice.by) {
    case "age":
      return suspects.filter(({ sinceMs }) => nowMs - sinceMs >= choice.minAgeMs);
    case "held":
      return suspects.filter(({ traffic }) => traffic.heldBytes >= choice.minBytes);
    case "carried":
      return suspects.filter(({ traffic }) => {
        const { givenBytes, takenBytes } = traffic.since(nowMs - choice.windowMs);
        return givenBytes + takenBytes >= choice.minBytes;
      });
    case "use":
      return usersOf(suspects, choice, nowMs);
  }
}

/**
 * Only the process has a CPU clock, so what was used is shared out among those who gave it work, by how often they did: a
 * request, a message, a body that went on, however large. What each may use for that is taken off, and who is left with the most is who used it. Where nobody gave any, work goes
 * on that was given before: by those who wait for an answer, else by those who are sent something, else by the one who
 * gave something last. Who is silent is not cut for what others use.
 */
function usersOf<T extends Suspect>(
  suspects: readonly T[],
  choice: Extract<CutChoice, { by: "use" }>,
  nowMs: number,
): T[] {
  const { minAgeMs, windowMs, usedMs, requestMs, mibMs } = choice;
  const fromMs = nowMs - windowMs;
  const all = suspects.map((suspect) => {
    const carried = suspect.traffic.since(fromMs);
    const asked = (suspect.sinceMs >= fromMs ? 1 : 0) + carried.messages;
    const { givenBytes, takenBytes } = carried;
    const mayUseMs = asked * requestMs + ((givenBytes + takenBytes) / MIB) * mibMs;
    return { suspect, takenBytes, gave: asked + Math.sign(givenBytes), mayUseMs };
  });
  const gaveTogether = all.reduce((sum, { gave }) => sum + gave, 0);
  const old = all.filter(({ suspect }) => nowMs - suspect.sinceMs >= minAgeMs);

  const givers = most(old, ({ gave, mayUseMs }) =>
    gave === 0 ? 0 : (usedMs * gave) / gaveTogether - mayUseMs,
  );
  if (givers.length > 0) return givers;
  const waiting = old.filter(({ suspect }) => suspect.isPending);
  if (waiting.length > 0) return waiting.map(({ suspect }) => suspect);
  const takers = most(old, ({ takenBytes }) => takenBytes);
  if (takers.length > 0) return takers;
  return most(old, ({ suspect }) => suspect.traffic.lastGivenMs).slice(-1);
}

/** Those of whom the figure is at least half of the highest, the highest last; none where no figure is above zero. */
function most<T extends { readonly suspect: unknown }>(
  all: readonly T[],
  figure: (one: T) => number,
): T["suspect"][] {
  const figures = all.map((one) => ({ one, value: figure(one) })).sort((a, b) => a.value - b.value);
  const highest = figures.at(-1)?.value ?? 0;
  if (highest <= 0) return [];
  return figures.filter(({ value }) => value >= highest / 2).map(({ one }) => one.suspect);
}
