import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type ContentLimits,
  DEFAULT_LIMITS,
  type Manifest,
  ManifestError,
  parseDeploymentCid,
  parseManifest,
} from "@worker3/sdk";
import pLimit from "p-limit";
import type { Logger } from "pino";
import { EXTRACTED } from "../extractedFolder.ts";
import { type ContentRow, contentTable } from "../ledger/contentTable.ts";
import type { Ledger } from "../ledger/openLedger.ts";
import type { ContentStore, PutOptions, RecoverOptions, StoredContent } from "./ContentStore.ts";
import { readAt } from "./carIndex.ts";
import { carPathIn, contentPaths, folderIn } from "./contentPaths.ts";
import { type CreateFile, createFile } from "./createFile.ts";
import { atPace } from "./createPace.ts";
import { damageOf, inspectContent } from "./inspectContent.ts";
import { landContent } from "./landContent.ts";
import { onDisk } from "./onDisk.ts";
import { putRaces } from "./putRaces.ts";
import { recoverContents, setAside, unlistedIn } from "./recoverContents.ts";
import { syncDirectory } from "./syncDirectory.ts";

/** Of a CAR that is sent, what is read at a time: of many who take nothing, each has so much in memory, and twice. */
const SENT_BYTES = 32_768;

export interface OpenContentStoreOptions {
  /** Where the files lie; made where it is missing. */
  readonly directory: string;
  readonly ledger: Ledger;
  readonly limits: Partial<ContentLimits>;
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
  /** Unix milliseconds, as whoever drops what is old counts; default: the machine's clock. */
  readonly nowMs?: () => number;
  /** For tests: files on a disk that is full. */
  readonly createFile?: CreateFile | undefined;
}

/**
 * Opens the store of one node, and clears up after an agent that ended in the middle of something. One store a directory.
 *
 * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`.
 */
export async function openContentStore(options: OpenContentStoreOptions): Promise<ContentStore> {
  const { ledger, logger, nowMs = Date.now } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const directory = resolve(options.directory);
  const paths = contentPaths(directory);
  const table = contentTable(ledger);
  /** Files and ledger change together: one change at a time. */
  const change = pLimit(1);
  await recoverContents({ directory, paths, table, logger });

  async function get(cid: string): Promise<StoredContent | undefined> {
    const row = table.find(cid);
    if (row === undefined) return undefined;
    const folder = folderIn(paths.of(cid));
    const bytes = await orGone(readFile(join(folder, EXTRACTED.manifest)), folder);
    const manifest = bytes === undefined ? undefined : manifestIn(bytes);
    if (manifest === undefined) {
      // Somebody deleted or changed it. Off the list, it is recovered or fetched again.
      logger.warn({ cid }, "content has lost its files and is forgotten");
      await distrust(cid);
      return undefined;
    }
    return { ...sizesOf(row), folder, carPath: carPathIn(paths.of(cid)), manifest };
  }

  async function land(
    cid: string,
    source: AsyncIterable<Uint8Array>,
    put: PutOptions,
    carBytes = limits.carBytes,
  ): Promise<void> {
    const root = parseDeploymentCid(cid).cid;
    const scratch = join(paths.scratch, `${cid}-${randomUUID()}`);
    await onDisk(scratch, mkdir(scratch));
    try {
      const { deployment, index } = await landContent({
        root,
        source,
        directory: scratch,
        limits: { ...limits, carBytes: Math.min(carBytes, put.maxBytes ?? carBytes) },
        createFile: options.createFile ?? createFile,
        signal: put.signal,
      });
      const row: ContentRow = {
        cid,
        carBytes: index.end(),
        bytes: deployment.bytes,
        files: deployment.files.length,
        storedMs: nowMs(),
        projectId: put.projectId,
      };
      await change(async () => {
        if (table.find(cid) !== undefined) return;
        await onDisk(directory, rm(paths.of(cid), { recursive: true, force: true }));
        await onDisk(directory, rename(scratch, paths.of(cid)));
        try {
          await onDisk(directory, syncDirectory(directory));
          table.insert(row, index.rows());
        } catch (error) {
          await rename(paths.of(cid), scratch);
          throw error;
        }
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    logger.info(
      { cid, ...(put.projectId === undefined ? {} : { projectId: String(put.projectId) }) },
      "content stored",
    );
  }

  const distrust = (cid: string): Promise<void> => change(() => void table.delete(cid));

  async function recover(
    cid: string,
    { signal, pace }: RecoverOptions = {},
  ): Promise<StoredContent | undefined> {
    if (table.find(cid) !== undefined) return get(cid);
    const path = carPathIn(paths.of(cid));
    const file = await orGone(open(path, "r"), path);
    if (file === undefined) return undefined;
    const { size } = await onDisk(path, file.stat());
    const source: AsyncIterable<Uint8Array> = file.createReadStream({ highWaterMark: 262_144 });
    try {
      return await races.run(cid, {
        signal,
        stored: () => get(cid),
        // What was taken once stays good where the operator takes less now.
        land: (ended) =>
          land(cid, pace === undefined ? source : atPace(source, pace, ended), { signal: ended }, size),
        close: () => file.close(),
      });
    } catch (error) {
      const what = damageOf(error);
      if (what === undefined) throw error;
      logger.warn({ cid, what }, "content on the disk is damaged and is set aside");
      await change(async () => {
        if (table.find(cid) === undefined) await orGone(setAside(paths, cid, nowMs()), directory);
      });
      return undefined;
    } finally {
      await file.close();
    }
  }

  async function remove(cid: string): Promise<void> {
    const trash = join(paths.scratch, `${cid}-${randomUUID()}`);
    await change(async () => {
      if (!table.delete(cid)) return;
      await orGone(rename(paths.of(cid), trash), directory);
    });
    await onDisk(trash, rm(trash, { recursive: true, force: true }));
  }

  const races = putRaces();
  return {
    get,
    has: (cid) => table.find(cid) !== undefined,
    bytesOf: (cid) => table.find(cid)?.bytes,
    put: (cid, source, put = {}) =>
      races.run(cid, {
        signal: put.signal,
        stored: () => get(cid),
        land: (signal) => land(cid, source, { ...put, signal }),
        close: async () => void (await source[Symbol.asyncIterator]().return?.()),
      }),
    async openCar(cid) {
      const row = table.find(cid);
      if (row === undefined) return undefined;
      const path = carPathIn(paths.of(cid));
      const file = await orGone(open(path, "r"), path);
      if (file === undefined) return undefined;
      return { bytes: row.carBytes, stream: file.createReadStream({ highWaterMark: SENT_BYTES }) };
    },
    async readBlock(cid) {
      const place = table.findBlock(cid.bytes);
      if (place === undefined) return undefined;
      const path = carPathIn(paths.of(place.cid));
      const file = await orGone(open(path, "r"), path);
      if (file === undefined) return undefined;
      try {
        return await onDisk(path, readAt(file, place));
      } finally {
        await file.close();
      }
    },
    unlisted: () => unlistedIn({ directory, table }),
    recover,
    distrust,
    inspect: (cid, inspecting) => inspectContent({ cid, directory: paths.of(cid), limits, ...inspecting }),
    remove,
    list: () => table.list(),
    touch: (cid, projectId) => table.touch(cid, nowMs(), projectId),
    setUnwanted: table.setUnwanted,
  };
}

const sizesOf = ({ cid, carBytes, bytes, files }: ContentRow) => ({ cid, carBytes, bytes, files });

/** Undefined where it is not the manifest that was checked when it came. */
function manifestIn(bytes: Uint8Array): Manifest | undefined {
  try {
    return parseManifest(bytes);
  } catch (error) {
    if (error instanceof ManifestError) return undefined;
    throw error;
  }
}

/** The work's result, or undefined where the file is not there. */
async function orGone<result>(work: Promise<result>, path: string): Promise<result | undefined> {
  return onDisk(
    path,
    work.catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }),
  );
}
