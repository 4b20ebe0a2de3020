import type { Seen } from "./load.ts";

/** What the chain counted for a place. */
export interface Counted {
  readonly projectId: string;
  readonly nodeId: number;
  readonly epoch: number;
  readonly requests: number;
}

export interface JudgeParameters {
  readonly seen: readonly Seen[];
  readonly counted: readonly Counted[];
  /** When edge processes were killed, by `performance.now`: what they had not reported yet is lost. */
  readonly edgeKills: readonly { readonly nodeId: number; readonly atMs: number }[];
}

/**
 * What was answered and what was counted in each epoch, a line a place: where a loss lies.
 *
 * @param epochAtMs The epoch of a moment by `performance.now`.
 */
export function byEpoch(
  { seen, counted }: Pick<JudgeParameters, "seen" | "counted">,
  epochAtMs: (ms: number) => number,
): string[] {
  return seen.map(({ place, answeredAtMs }) => {
    const answered = Map.groupBy(answeredAtMs, epochAtMs);
    const mine = counted.filter((one) => one.projectId === place.projectId && one.nodeId === place.nodeId);
    const epochs = [...new Set([...answered.keys(), ...mine.map(({ epoch }) => epoch)])].sort(
      (a, b) => a - b,
    );
    const cells = epochs.map((epoch) => {
      const requests = mine.filter((one) => one.epoch === epoch).reduce((sum, one) => sum + one.requests, 0);
      return `${epoch}: ${answered.get(epoch)?.length ?? 0}/${requests}`;
    });
    return `project ${place.projectId} on node ${place.nodeId}, answered/counted by epoch: ${cells.join(", ")}`;
  });
}

/** A process of the edge reports each second; what it is killed with is lost, which the docs say. */
const UNREPORTED_MS = 2_000;
/** What visitors may meet while a node has trouble; connections may fail besides. */
const ALLOWED: readonly RegExp[] = [/^503 /, /^502 /, /^[A-Z_]+$/, /^connection failed$/];

/** Everything that went wrong, in words: an answer that may not be, usage that is lost or doubled. */
export function judge({ seen, counted, edgeKills }: JudgeParameters): string[] {
  return seen.flatMap(({ place, sent, answeredAtMs, others, wrong }) => {
    const { projectId, nodeId } = place;
    const where = `project ${projectId} on node ${nodeId}`;
    const kills = edgeKills.filter((kill) => kill.nodeId === nodeId);
    const mayBeLost = answeredAtMs.filter((at) =>
      kills.some(({ atMs }) => at <= atMs && at > atMs - UNREPORTED_MS),
    );
    const least = answeredAtMs.length - mayBeLost.length;
    const requests = counted
      .filter((one) => one.projectId === projectId && one.nodeId === nodeId)
      .reduce((sum, one) => sum + one.requests, 0);
    const faults: string[] = [];
    if (requests < least)
      faults.push(`${where}: ${requests} requests were counted, ${least} at least were answered`);
    if (requests > sent) faults.push(`${where}: ${requests} requests were counted, ${sent} were sent`);
    if (answeredAtMs.length === 0) faults.push(`${where}: no request was answered`);
    for (const page of wrong) faults.push(`${where}: answered with another page: ${page}`);
    for (const [what, times] of others) {
      if (!ALLOWED.some((pattern) => pattern.test(what))) faults.push(`${where}: ${times} times ${what}`);
    }
    return faults;
  });
}
