import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MANIFEST_PATH, parseDeploymentCid } from "@worker3/sdk";
import type { Logger } from "pino";
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
 * Makes disk and ledger agree after whatever ended the agent: what was not finished goes, and so does a row without its
 * files and a folder without its row. Both are fetched again when they are wanted. Other names are left alone.
 *
 * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`.
 */
export async function recoverContents(options: RecoverContentsOptions): Promise<void> {
  const { directory, paths, table, logger } = options;
  await onDisk(paths.scratch, rm(paths.scratch, { recursive: true, force: true }));
  await onDisk(paths.scratch, mkdir(paths.scratch, { recursive: true }));
  for (const { cid, carBytes } of table.list()) {
    if (await isWhole(paths.of(cid), carBytes)) continue;
    logger.warn({ cid }, "content has lost its files and is forgotten");
    table.delete(cid);
  }
  for (const name of await onDisk(directory, readdir(directory))) {
    if (!isCid(name) || table.find(name) !== undefined) continue;
    logger.warn({ cid: name }, "content was not finished and is removed");
    await onDisk(directory, rm(join(directory, name), { recursive: true, force: true }));
  }
}

/** Whether CAR and folder are there; what is in them was on the disk before they got this name. */
async function isWhole(content: string, carBytes: number): Promise<boolean> {
  try {
    const car = await stat(carPathIn(content));
    const manifest = await stat(join(folderIn(content), MANIFEST_PATH));
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
