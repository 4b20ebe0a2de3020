import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { SecondsOf } from "./lanes.ts";

const durationsSchema = z.record(z.string(), z.number().nonnegative());
/** Seconds by the name of a step. */
export type Durations = z.output<typeof durationsSchema>;

/** What steps take on an idle machine with two cores; in git, for a machine that has run none yet. */
export const TYPICAL_DURATIONS = join(import.meta.dirname, "durations.json");

/** Seconds of a step of which nothing is known. */
const UNKNOWN = 30;

/** Reads durations; empty where there is no such file, or none that can be read, as they only decide over the order. */
export async function readDurations(file: string): Promise<Durations> {
  try {
    return durationsSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return {};
  }
}

/** Adds durations to a file, which keeps those of other steps. */
export async function writeDurations(file: string, durations: Durations): Promise<void> {
  const all = { ...(await readDurations(file)), ...durations };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)));
  await mkdir(dirname(file), { recursive: true });
  // Two runs in one folder may end together: neither reads half a file.
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(sorted, undefined, 2)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

/** What to expect: the first of `sources` that knows a step. */
export function expectedSeconds(...sources: readonly Durations[]): SecondsOf {
  return (name) => sources.find((durations) => durations[name] !== undefined)?.[name] ?? UNKNOWN;
}
