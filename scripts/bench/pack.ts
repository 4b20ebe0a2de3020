import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packProject } from "../../cli/src/upload/packProject.ts";
import type { Result, Row } from "./table.ts";

const FILES = Number(process.env.BENCH_FILES ?? 4_000);
const FOLDERS = 40;
const ROUNDS = 5;

/** What a folder of many tiny files costs until its CAR can be sent: reading, copying, hashing, all of it. */
export async function pack(): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "worker3-bench-"));
  try {
    for (let i = 0; i < FILES; i++) {
      const folder = join(directory, `d${i % FOLDERS}`);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `f${i}.html`), `<h1>${i}</h1>`);
    }
    await measure(directory); // what is loaded and compiled once
    const rounds: { cpuMs: number; wallMs: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(directory));
    const cpu = median(rounds.map(({ cpuMs }) => cpuMs)) / FILES;
    const wall = median(rounds.map(({ wallMs }) => wallMs)) / FILES;
    const rows: Row[] = [
      { what: "CPU time of a file", value: round3(cpu), unit: "ms", goal: 0.5 },
      { what: "time of a file", value: round3(wall), unit: "ms" },
    ];
    return { bench: `pack: ${FILES} files of 12 bytes, median of ${ROUNDS}`, rows };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function measure(directory: string): Promise<{ cpuMs: number; wallMs: number }> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await using _ = await packProject({ directory });
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - begun };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
