import { loadavg } from "node:os";
import { firstByte } from "./cells/firstByte.ts";
import { hung } from "./cells/hung.ts";
import { manyProjects } from "./cells/manyProjects.ts";
import { memory } from "./cells/memory.ts";
import { swaps } from "./cells/swaps.ts";
import type { Result, Row } from "./table.ts";

/** `BENCH_ROUNDS`, `BENCH_SWAPS`, `BENCH_PROJECTS` (such as `1,20`), `BENCH_HUNG` and `BENCH_WARM` make a quick look of it. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 25);
const SWAPS = Number(process.env.BENCH_SWAPS ?? 1_000);
const PROJECTS = (process.env.BENCH_PROJECTS ?? "1,100,1000").split(",").map(Number);
const HUNG = Number(process.env.BENCH_HUNG ?? 5);
const WARM = Number(process.env.BENCH_WARM ?? 300);

/**
 * The life of cells: how long a visitor of a sleeping project waits, what one more warm project takes, what a swap loses,
 * and how all that is with many projects; beside the same worker in other programs. Edge, cells and visitors share this
 * machine.
 */
export async function cells(): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  const rows: Row[] = [];
  for (const part of [
    () => firstByte(ROUNDS),
    () => memory(ROUNDS),
    () => swaps(SWAPS),
    () => hung(HUNG),
    () => manyProjects({ registered: PROJECTS, warm: WARM, rounds: ROUNDS }),
  ]) {
    rows.push(...(await part()));
  }
  return { bench: `cells: medians of ${ROUNDS}; load of the machine before ${load.toFixed(1)}`, rows };
}
