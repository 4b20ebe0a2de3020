import { constants, copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  checkPath,
  isReservedPath,
  MANIFEST_PATH,
  type Manifest,
  serializeManifest,
  WORKER_DIRECTORY,
} from "@worker3/sdk";
import { checkSize } from "./checkSize.ts";
import { type AssetFile, reservedName, unreadable } from "./listAssets.ts";
import type { WorkerModule } from "./readUpload.ts";

export interface WriteDeploymentParameters {
  /** Where to: a folder that is empty or not there. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly modules: readonly WorkerModule[];
  readonly assets: readonly AssetFile[];
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenDeployment {
  /** Of the modules. */
  readonly workerBytes: number;
  readonly assetBytes: number;
  /** All of them, the manifest too. */
  readonly files: number;
}

/**
 * Writes a deployment folder: the site, with `manifest.json` and `worker/` in `.worker3` beside it.
 *
 * @throws {BundleError} `CONTENT_TOO_LARGE`, `NAME_TAKEN`, before anything is copied; {DiskError} `DISK_UNREADABLE`; {PathError} for a module's name that is no path;
 *   {ManifestError} `MANIFEST_INVALID`.
 */
export async function writeDeployment(parameters: WriteDeploymentParameters): Promise<WrittenDeployment> {
  const { directory, manifest, modules, assets, signal } = parameters;
  for (const { path, onDisk } of assets) if (isReservedPath(path)) throw reservedName(onDisk);
  const text = serializeManifest(manifest);
  const workerBytes = modules.reduce((sum, { content }) => sum + content.length, 0);
  let assetBytes = 0;
  await eachOf(assets, async ({ onDisk }) => {
    const { size } = await readable(onDisk, stat(onDisk));
    assetBytes += size;
  });
  const files = 1 + modules.length + assets.length;
  checkSize({ files, bytes: text.length + workerBytes + assetBytes });

  const made = new Set<string>();
  const placeFor = async (path: string): Promise<string> => {
    const folder = dirname(path);
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    return path;
  };
  await writeFile(await placeFor(join(directory, MANIFEST_PATH)), text);
  for (const { name, content } of modules) {
    checkPath(name);
    await writeFile(await placeFor(join(directory, WORKER_DIRECTORY, name)), content);
  }
  await eachOf(assets, async ({ path, onDisk }) => {
    signal?.throwIfAborted();
    const place = await placeFor(join(directory, path));
    await readable(onDisk, copyFile(onDisk, place, constants.COPYFILE_FICLONE));
  });
  return { workerBytes, assetBytes, files };
}

/** Files at once: as many as Node's threads for them, and some that wait. */
const AT_ONCE = 8;

/** Whatever fails, nothing is under way any more when it is told: the folder goes then. */
async function eachOf<item>(items: readonly item[], visit: (item: item) => Promise<void>): Promise<void> {
  const left = items.values();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const item of left) {
      if (failures.length > 0) return;
      await visit(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (failures.length > 0) throw failures[0];
}

/** Not to be allowed, or to find nothing, is the file's fault; a full disk is not. */
async function readable<value>(onDisk: string, work: Promise<value>): Promise<value> {
  try {
    return await work;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    throw code === "EACCES" || code === "EPERM" || code === "ENOENT" ? unreadable(onDisk, cause) : cause;
  }
}
