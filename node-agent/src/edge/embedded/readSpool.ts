import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CountReport } from "../CountReport.ts";
import { parseCountReport } from "./parseCountReport.ts";

/** What one edge process left behind. */
export interface SpooledReports {
  readonly path: string;
  readonly reports: readonly CountReport[];
  /** Deletes the file: the reports are booked. */
  remove(): Promise<void>;
}

/**
 * Reads the reports that dying edge processes left behind. A report may have been booked already, where only the
 * acknowledgement was lost: whoever books compares `reporter` and `sequence`. A file that is no spool is set aside as
 * `*.unreadable`.
 */
export async function readSpool(spoolDirectory: string): Promise<SpooledReports[]> {
  const names = await readdir(spoolDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found: SpooledReports[] = [];
  for (const name of names.filter((file) => /^counts-[\w-]+\.json$/.test(file)).sort()) {
    const path = join(spoolDirectory, name);
    const reports = parse(await readFile(path, "utf8"));
    if (reports === undefined) await rename(path, `${path}.unreadable`);
    else found.push({ path, reports, remove: () => rm(path, { force: true }) });
  }
  return found;
}

function parse(text: string): CountReport[] | undefined {
  try {
    const { reports } = JSON.parse(text) as { reports?: unknown };
    return Array.isArray(reports) ? reports.map(parseCountReport) : undefined;
  } catch {
    return undefined;
  }
}
