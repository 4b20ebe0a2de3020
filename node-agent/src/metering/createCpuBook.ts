import { createCpuSampler } from "./createCpuSampler.ts";
import type { Meter } from "./createMeter.ts";

/** A cell whose CPU time its project pays for. */
export interface PaidCell {
  readonly id: string;
  readonly spec: { readonly projectId: bigint };
  /** All CPU time since it began, in ms. */
  cpuMs(): number;
}

/** Books the CPU time of cells on their projects. */
export interface CpuBook {
  /**
   * Books what was used since the last call, by these cells and by those that ended meanwhile. What it throws is the
   * meter's; what could not be booked comes with the next call.
   */
  book(cells: readonly PaidCell[]): void;
  /** A cell ended: what it used last is booked with the next call. */
  ended(cell: PaidCell): void;
}

export function createCpuBook({
  meter,
  clock,
}: {
  readonly meter: Pick<Meter, "bookCpu">;
  readonly clock: { epoch(): number; nowMs(): number };
}): CpuBook {
  const sampler = createCpuSampler();
  return {
    book(cells) {
      const used = sampler.sampleCpu(cells.map(sourceOf));
      if (used.length === 0) return;
      const at = { epoch: clock.epoch(), minuteMs: clock.nowMs() };
      try {
        meter.bookCpu(used.map((delta) => ({ ...delta, ...at })));
      } catch (error) {
        sampler.giveBack(used);
        throw error;
      }
    },
    ended: (cell) => sampler.ended(sourceOf(cell)),
  };
}

function sourceOf(cell: PaidCell) {
  return { id: cell.id, projectId: cell.spec.projectId, cpuMs: () => cell.cpuMs() };
}
