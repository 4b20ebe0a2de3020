import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { CountReport } from "../../CountReport.ts";

/**
 * Leaves reports that nobody acknowledged on the disk, for the agent's next start: whole or not at all. Synchronous,
 * because the process ends after it.
 */
export function writeSpool(directory: string, reports: readonly CountReport[]): void {
  const [first] = reports;
  if (first === undefined) return;
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `counts-${first.reporter}.json`);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeSync(file, JSON.stringify({ reports }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  const folder = openSync(directory, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
