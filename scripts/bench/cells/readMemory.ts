import { readFileSync } from "node:fs";

const MIB = 1_048_576;

/** Private memory and proportional share (PSS) of processes, in MiB. Source: proc(5), `smaps_rollup`. */
export function readMemory(pids: readonly number[]): { privateMib: number; pssMib: number } {
  let [privateBytes, pssBytes] = [0, 0];
  for (const pid of pids) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const of = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
    privateBytes += of("Private_Clean") + of("Private_Dirty");
    pssBytes += of("Pss");
  }
  return { privateMib: privateBytes / MIB, pssMib: pssBytes / MIB };
}
