import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BlockReader, type Deployment, fileContent, type ListedFile } from "@worker3/sdk";
import { extractedPath } from "../extractedFolder.ts";
import { type CreateFile, writeAt } from "./createFile.ts";
import { mtimeOf } from "./mtimeOf.ts";
import { onDisk } from "./onDisk.ts";
import { syncDirectory } from "./syncDirectory.ts";

/** Files written at once. */
const FILES_AT_ONCE = 8;

export interface ExtractDeploymentOptions {
  readonly deployment: Deployment;
  readonly reader: BlockReader;
  /** Where to; must not be there yet. */
  readonly folder: string;
  readonly createFile: CreateFile;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a deployment's files out, read-only, each at its `extractedPath` with the time of `mtimeOf`, and brings them to the
 * disk. Nothing of it goes on when this returns or throws.
 *
 * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`; {DagError} as `fileContent` does.
 */
export async function extractDeployment(options: ExtractDeploymentOptions): Promise<void> {
  const { deployment, folder } = options;
  const directories = directoriesOf(deployment).map((path) => join(folder, path));
  for (const directory of directories) await onDisk(directory, mkdir(directory, { recursive: true }));

  const failed = new AbortController();
  const signals = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([failed.signal, ...signals]);
  const files = deployment.files.values();
  const work = async (): Promise<void> => {
    for (const file of files) {
      signal.throwIfAborted();
      await extractFile(file, { ...options, signal });
    }
  };
  // The first failure ends the other workers, and is the one that is told.
  const stop = (error: unknown): void => failed.abort(error);
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, () => work().catch(stop)));
  failed.signal.throwIfAborted();

  for (const directory of directories) await onDisk(directory, syncDirectory(directory));
}

async function extractFile({ path, cid }: ListedFile, options: ExtractDeploymentOptions): Promise<void> {
  const { reader, folder, createFile, signal } = options;
  const onDiskPath = join(folder, extractedPath(path));
  const file = await onDisk(onDiskPath, createFile(onDiskPath));
  try {
    let position = 0;
    for await (const bytes of fileContent(reader, cid, { signal })) {
      await onDisk(onDiskPath, writeAt(file, bytes, position));
      position += bytes.length;
    }
    const mtime = mtimeOf(cid);
    await onDisk(onDiskPath, file.utimes(mtime, mtime));
    await onDisk(onDiskPath, file.sync());
  } finally {
    await file.close();
  }
}

/** All directories, each after the one that holds it; the folder itself is the empty path. */
function directoriesOf({ files, emptyDirectories }: Deployment): string[] {
  const paths = new Set<string>([""]);
  const add = (path: string): void => {
    if (path === "." || paths.has(path)) return;
    add(dirname(path));
    paths.add(path);
  };
  for (const { path } of files) add(dirname(extractedPath(path)));
  for (const path of emptyDirectories) add(extractedPath(path));
  return [...paths];
}
