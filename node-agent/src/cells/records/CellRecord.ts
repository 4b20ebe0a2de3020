import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ProcessIdentity } from "../../process/processIdentity.ts";

const RECORD = "record.json";

const recordSchema = z.object({
  pid: z.int().min(2),
  startTime: z.string(),
  bootId: z.string(),
});

/**
 * Notes in a cell's directory who its process is, so that the next agent can end it. Synchronous: between the start of
 * the process and the note there is no turn in which this agent could die unnoticed by it.
 */
export function writeRecord(
  directory: string,
  process: ProcessIdentity,
  about: { projectId: bigint; version: number; socketPath: string },
): void {
  const record = { ...process, ...about, projectId: String(about.projectId) };
  writeFileSync(`${directory}/${RECORD}`, JSON.stringify(record), { mode: 0o600 });
}

/** Who a cell's process is or was; undefined where no record is readable. */
export async function readRecord(directory: string): Promise<ProcessIdentity | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(`${directory}/${RECORD}`, "utf8")));
  } catch {
    return undefined;
  }
}
