import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseDeploymentCid } from "@worker3/sdk";
import type { Logger } from "pino";
import { EXTRACTED } from "../extractedFolder.ts";
import type { ContentTable } from "../ledger/contentTable.ts";
import { type ContentPaths, carPathIn, folderIn } from "./contentPaths.ts";
import { onDisk } from "./onDisk.ts";

export interface RecoverContentsOptions {
  readonly directory: string;
  readonly paths: ContentPaths;
  readonly table: ContentTable;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Makes the ledger agree with the disk after whatever ended the agent: what was not finished goes, and so does a row
 * without its files. A folder without its row stays: the ledger may be a new one, and `unlistedIn` finds it. Other names are
 * left alone.
 *
 * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`.
 */
export async function recoverContents(options: RecoverContentsOptions): Promise<void> {
  const { paths, table, logger } = options;
  await onDisk(paths.scratch, rm(paths.scratch, { recursive: true, force: true }));
  await onDisk(paths.scratch, mkdir(paths.scratch, { recursive: true }));
  for (const { cid, carBytes } of table.list()) {
    if (await isWhole(paths.of(cid), carBytes)) continue;
    logger.warn({ cid }, "content has lost its files and is forgotten");
    table.delete(cid);
  }
  const unlisted = await unlistedIn(options);
  if (unlisted.length > 0)
    logger.warn({ count: unlisted.length }, "content is not in the ledger; it is checked and taken up again");
}

/** The CIDs that have a directory and no row. */
export async function unlistedIn(
  options: Pick<RecoverContentsOptions, "directory" | "table">,
): Promise<string[]> {
  const names = await onDisk(options.directory, readdir(options.directory));
  return names.filter((name) => isCid(name) && options.table.find(name) === undefined);
}

/** So many damaged contents are kept, for whoever wants to save something of the only copy. */
const MOST_DAMAGED = 5;

/**
 * Moves a content's directory out of the way.
 *
 * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`.
 */
export async function setAside(paths: ContentPaths, cid: string, nowMs: number): Promise<void> {
  const { damaged } = paths;
  await onDisk(damaged, mkdir(damaged, { recursive: true }));
  await onDisk(damaged, rename(paths.of(cid), join(damaged, `${nowMs}-${cid}`)));
  const names = (await onDisk(damaged, readdir(damaged))).sort(
    (a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10),
  );
  for (const name of names.slice(0, -MOST_DAMAGED))
    await onDisk(damaged, rm(join(damaged, name), { recursive: true, force: true }));
}

/** Whether CAR and folder are there; what is in them was on the disk before they got this name. */
async function isWhole(content: string, carBytes: number): Promise<boolean> {
  try {
    const car = await stat(carPathIn(content));
    const manifest = await stat(join(folderIn(content), EXTRACTED.manifest));
    return car.isFile() && car.size === carBytes && manifest.isFile();
  } catch {
    return false;
  }
}

function isCid(name: string): boolean {
  try {
    parseDeploymentCid(name);
    return true;
  } catch {
    return false;
  }
}
