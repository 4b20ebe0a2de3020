/** A cell, as far as its CPU time goes. */
export interface CpuSource {
  readonly id: string;
  readonly projectId: bigint;
  /** All CPU time since it began, in ms; what it was at the end, once it ended. */
  cpuMs(): number;
}

/** CPU time of a project's cells since the sample before, in whole ms. */
export interface CpuDelta {
  readonly projectId: bigint;
  readonly cpuMs: number;
}

export interface CpuSampler {
  /** What the living cells, and those that ended since the last sample, used since then; one entry a project. */
  sampleCpu(cells: Iterable<CpuSource>): CpuDelta[];
  /** What could not be booked comes with the next sample. */
  giveBack(deltas: readonly CpuDelta[]): void;
  /** A cell ended: what it used since the last sample comes with the next one. */
  ended(cell: CpuSource): void;
}

/** Turns running totals of CPU time into what is new. Parts of a millisecond wait until they are a whole one. */
export function createCpuSampler(): CpuSampler {
  const taken = new Map<string, number>();
  let last = new Map<bigint, number>();

  function take({ id, projectId, cpuMs }: CpuSource, into: Map<bigint, number>): void {
    const before = taken.get(id) ?? 0;
    const now = Math.floor(cpuMs());
    // A reading that fails or goes back adds nothing, and what it lacks comes with the next good one.
    if (!(now > before) || !Number.isSafeInteger(now)) return;
    taken.set(id, now);
    into.set(projectId, (into.get(projectId) ?? 0) + now - before);
  }

  return {
    sampleCpu(cells) {
      const deltas = last;
      last = new Map();
      const living = new Set<string>();
      for (const cell of cells) {
        living.add(cell.id);
        take(cell, deltas);
      }
      for (const id of taken.keys()) if (!living.has(id)) taken.delete(id);
      return Array.from(deltas, ([projectId, cpuMs]) => ({ projectId, cpuMs }));
    },
    giveBack(deltas) {
      for (const { projectId, cpuMs } of deltas) last.set(projectId, (last.get(projectId) ?? 0) + cpuMs);
    },
    ended(cell) {
      take(cell, last);
    },
  };
}
