/** What a project wants of a content that lies here. */
export interface ContentUse {
  readonly projectId: bigint;
  /** The version that names it; the newest where several do. */
  readonly version: number;
  /** The project has a seat here now or in the next epoch. */
  readonly isServed: boolean;
  /** Visitors are sent to the version: it is the active one, or a split's. */
  readonly isRouted: boolean;
  /** Visitors ever were: a version that names it was the active one. */
  readonly wasActive: boolean;
  /**
   * How many contents of its kind come before it: of those that were active the ones that became so later, of the others the
   * ones that newer versions name.
   */
  readonly newer: number;
}

export interface HeldContent {
  readonly cid: string;
  /** Of the CAR and the files written out of it. */
  readonly bytes: number;
  /** Since when nothing wants it, as noted before; Unix milliseconds. */
  readonly unwantedMs: number | undefined;
  /** It was uploaded ahead of a version, which may still come: `dropUnnamed` looks after it. */
  readonly isAhead: boolean;
  /** Visitors get it, or a process of it runs, whatever the chain says: the version after it may not be here yet. */
  readonly isInUse: boolean;
  /** Of all projects that name it, as the newest block says. */
  readonly uses: readonly ContentUse[];
}

export interface RetentionLimits {
  /** What nothing wants any more stays so long all the same, in milliseconds. */
  readonly graceMs: number;
  /** What all contents together may take, in bytes. */
  readonly totalBytes: number;
  /** What those of one project may take. Those that visitors are sent to stay, whatever they take. */
  readonly projectBytes: number;
}

export interface RetentionParameters {
  readonly held: readonly HeldContent[];
  readonly limits: RetentionLimits;
  readonly nowMs: number;
  /**
   * The time of the newest final block, in Unix milliseconds, where the ledger holds all that the chain says now; undefined
   * where it does not, or the chain cannot be asked. Nothing is dropped then.
   */
  readonly finalMs: number | undefined;
}

export interface RetentionDecision {
  /** In the order in which to drop them. */
  readonly drop: readonly string[];
  /** For each content since when nothing wants it, where that is another time than was noted. */
  readonly changed: ReadonlyMap<string, number | undefined>;
}

/** The last versions of a project that were active are kept besides those that visitors are sent to, for a rollback. */
export const KEPT_VERSIONS = 5;
/** And so many that never were: who may only propose versions takes no room from those. */
export const KEPT_PROPOSALS = 3;

/**
 * What to keep of what lies on the disk. A project's active version and that of its split are kept, then the last five that
 * were active and the newest three that never were, as far as its share of the disk goes. What is left is dropped after a
 * grace; at once where it is a fourth that never was active, or where its project or the node is over its limit. Nothing is dropped by
 * what no final block says: only what nothing has wanted since before the newest final block.
 */
export function decideRetention({ held, limits, nowMs, finalMs }: RetentionParameters): RetentionDecision {
  const { wanted, crowded } = sortOut(held, limits.projectBytes);
  const changed = new Map<string, number | undefined>();
  const unwanted: { cid: string; bytes: number; sinceMs: number }[] = [];
  for (const { cid, bytes, unwantedMs } of held) {
    const sinceMs = wanted.has(cid) ? undefined : (unwantedMs ?? nowMs);
    if (sinceMs !== unwantedMs) changed.set(cid, sinceMs);
    if (sinceMs !== undefined) unwanted.push({ cid, bytes, sinceMs });
  }
  if (finalMs === undefined) return { drop: [], changed };

  let over = held.reduce((sum, { bytes }) => sum + bytes, 0) - limits.totalBytes;
  const drop: string[] = [];
  for (const { cid, bytes, sinceMs } of unwanted.sort((a, b) => a.sinceMs - b.sinceMs)) {
    if (sinceMs > finalMs) continue;
    if (nowMs - sinceMs < limits.graceMs && !crowded.has(cid) && over <= 0) continue;
    drop.push(cid);
    over -= bytes;
  }
  return { drop, changed };
}

function isKept({ isServed, isRouted, wasActive, newer }: ContentUse): boolean {
  return isServed && (isRouted || newer < (wasActive ? KEPT_VERSIONS : KEPT_PROPOSALS));
}

/** What something wants, and what waits for no grace: what a project would keep had it not more than its share. */
function sortOut(
  held: readonly HeldContent[],
  projectBytes: number,
): { wanted: ReadonlySet<string>; crowded: ReadonlySet<string> } {
  const wanted = new Set(held.flatMap(({ cid, isAhead, isInUse }) => (isAhead || isInUse ? [cid] : [])));
  const crowded = new Set<string>();
  const kept = held.flatMap(({ cid, bytes, uses }) =>
    uses.filter(isKept).map((use) => ({ cid, bytes, ...use })),
  );
  for (const { cid, uses } of held) {
    const served = uses.filter(({ isServed }) => isServed);
    if (served.length > 0 && served.every(({ wasActive }) => !wasActive)) crowded.add(cid);
  }
  for (const ofProject of Map.groupBy(kept, ({ projectId }) => projectId).values()) {
    const inOrder = ofProject.sort(
      (a, b) =>
        Number(b.isRouted) - Number(a.isRouted) ||
        Number(b.wasActive) - Number(a.wasActive) ||
        a.newer - b.newer,
    );
    let used = 0;
    let isFull = false;
    for (const { cid, bytes, isRouted } of inOrder) {
      used += bytes;
      isFull ||= used > projectBytes;
      if (isRouted || !isFull) wanted.add(cid);
      else crowded.add(cid);
    }
  }
  return { wanted, crowded };
}

/** Why there is no room for more of a project. */
export type NoRoom = "project" | "node";

/**
 * How many bytes more a project may bring now. What can still be dropped for it takes none of its share, but no project
 * holds more than twice its share while that waits for a final block.
 */
export function roomOf(
  projectId: bigint,
  held: readonly HeldContent[],
  { totalBytes, projectBytes }: RetentionLimits,
): { readonly bytes: number; readonly short: NoRoom } {
  const sum = (contents: readonly HeldContent[]) => contents.reduce((all, { bytes }) => all + bytes, 0);
  const own = held.filter(({ uses }) => uses.some((use) => use.projectId === projectId));
  const fixed = own.filter(
    ({ isAhead, uses }) => isAhead || uses.some((use) => use.projectId === projectId && use.isRouted),
  );
  const ofProject = Math.min(projectBytes - sum(fixed), 2 * projectBytes - sum(own));
  const ofNode = totalBytes - sum(held);
  const short = ofProject <= ofNode ? "project" : "node";
  return { bytes: Math.max(0, Math.min(ofProject, ofNode)), short };
}
