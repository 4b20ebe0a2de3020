/** How often a version's cells ended by themselves, and what follows. One for each content of a project. */
export interface Health {
  /** When it died, as far as that still counts, the newest last; all times here by `monotonicMs`. */
  readonly deathsMs: readonly number[];
  /** How often in a row it was marked failing. */
  readonly trips: number;
  /** It is not started before. */
  readonly restUntilMs: number;
  /** Whether it is failing until then, and visitors are told so instead of waiting. */
  readonly isFailing: boolean;
  /** CPU time of cells that limits ended, above what is given back with time, in ms; as of `spentAtMs`. */
  readonly spentMs: number;
  readonly spentAtMs: number;
  /** Whether a cell of it came to serve here: then it can, and what keeps it from that passes. */
  readonly hasServed: boolean;
}

export const HEALTHY: Health = {
  deathsMs: [],
  trips: 0,
  restUntilMs: 0,
  isFailing: false,
  spentMs: 0,
  spentAtMs: 0,
  hasServed: false,
};

/** So many deaths within `WINDOW_MS` mark a version as failing. */
export const MAX_DEATHS = 5;
export const WINDOW_MS = 60_000;
/** How long a failing version is left alone: a minute, then twice as long each time, up to this. */
const MAX_FAILING_MS = 960_000;
const FIRST_BACKOFF_MS = 200;
const FAILED_START_MS = 30_000;
/** Of one that served before: the machine is too busy with others, or was. */
const FAILED_AGAIN_MS = 2_000;
const MAX_FAILED_AGAIN_MS = 60_000;
/** What cells that limits end may use on average, in cores, and at once. A start takes some, too. */
const LIMIT_CORES = 0.5;
const LIMIT_BURST_MS = 3_000;
const START_CPU_MS = 100;
/** Less than visitors wait for a start: they are late, but served. */
const MAX_LIMIT_REST_MS = 5_000;

/**
 * What is known of a version after another death: the first is forgiven at once, then it rests for longer each time.
 * One that was failing gets one chance, not five; one that lived for ten minutes begins anew.
 */
export function afterDeath(health: Health, nowMs: number): Health {
  const lived = nowMs - Math.max(health.deathsMs.at(-1) ?? 0, health.restUntilMs);
  const trips = lived > 10 * WINDOW_MS ? 0 : health.trips;
  const deathsMs = [...health.deathsMs.filter((at) => nowMs - at <= WINDOW_MS), nowMs];
  if (deathsMs.length >= MAX_DEATHS || (trips > 0 && lived <= WINDOW_MS)) {
    const restMs = Math.min(WINDOW_MS * 2 ** trips, MAX_FAILING_MS);
    return { ...health, deathsMs, trips: trips + 1, restUntilMs: nowMs + restMs, isFailing: true };
  }
  const restMs = deathsMs.length === 1 ? 0 : FIRST_BACKOFF_MS * 2 ** (deathsMs.length - 2);
  return { ...health, deathsMs, trips, restUntilMs: nowMs + restMs, isFailing: false };
}

/**
 * What is known of a version after a limit ended its cell. That is no death of its own: what a visitor sends can bring it
 * about, and must not take the version from all others. So it is started again at once, and only where its cells would
 * use more than half a core for nothing, it rests for as long as makes up for that.
 *
 * @param usedMs - CPU time that this end cost, in ms.
 */
export function afterLimit(health: Health, usedMs: number, nowMs: number): Health {
  const givenBackMs = Math.max(0, nowMs - health.spentAtMs) * LIMIT_CORES;
  const mostMs = LIMIT_BURST_MS + MAX_LIMIT_REST_MS * LIMIT_CORES;
  const spentMs = Math.min(mostMs, Math.max(0, health.spentMs + usedMs + START_CPU_MS - givenBackMs));
  const restMs = Math.max(0, spentMs - LIMIT_BURST_MS) / LIMIT_CORES;
  const restUntilMs = Math.max(health.restUntilMs, nowMs + restMs);
  return { ...health, spentMs, spentAtMs: nowMs, restUntilMs };
}

/**
 * What is known of a version after its process did not come to serve: the same would happen again, so it rests; for less
 * where one served before.
 */
export function afterFailedStart(health: Health, nowMs: number): Health {
  const [firstMs, mostMs] = health.hasServed
    ? [FAILED_AGAIN_MS, MAX_FAILED_AGAIN_MS]
    : [FAILED_START_MS, MAX_FAILING_MS];
  const restMs = Math.min(firstMs * 2 ** health.trips, mostMs);
  return { ...health, trips: health.trips + 1, restUntilMs: nowMs + restMs };
}
