import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isReservedPath, OWN_DIRECTORY } from "@worker3/sdk";
import { DiskError, requireUtf8Name } from "@worker3/sdk/node";
import { BundleError } from "./BundleError.ts";
import { foreignIn } from "./foreignIn.ts";
import { holdsSecret } from "./holdsSecret.ts";
import { isPrivate, type Publishing } from "./isPrivate.ts";
import { IGNORE_FILE, readIgnoreFile } from "./readIgnoreFile.ts";

export interface AssetFile {
  /** In the site, with `/`. */
  readonly path: string;
  readonly onDisk: string;
}

export interface AssetList {
  readonly files: readonly AssetFile[];
  /** Files and folders that are not published although no `.assetsignore` says so. */
  readonly kept: readonly string[];
}

/** So long nothing else is heard, as that somebody wants it to end. */
const BREATH_MS = 50;
/** Rules for the files, at the root: they are read, not served. An `.assetsignore` names them without that meaning. */
const RULE_FILES = new Set(["_headers", "_redirects"]);

/**
 * The files of a folder that are published as assets, sorted by path. An `.assetsignore` at its root holds, as with
 * wrangler; what is nobody's business (`.git`, `.env`, `node_modules`, worker code, a private key, ...) stays behind whatever it says,
 * and so does the command's own `.worker3`. Anything else of that name is refused: in the deployment folder the name is taken.
 *
 * @throws {BundleError} `NAME_TAKEN`, `NO_ASSETS_DIRECTORY`, `ASSETSIGNORE_INVALID`, `NOT_A_FILE`, `FILE_TOO_LARGE`; {DiskError} `DISK_NOT_A_FILE` for a symbolic link,
 *   a socket, a pipe or a device, `DISK_NAME_NOT_UTF8`, `DISK_UNREADABLE`.
 */
export async function listAssets(
  directory: string,
  { publishing, signal }: { publishing: Publishing; signal?: AbortSignal | undefined },
): Promise<AssetList> {
  const rules = await readIgnoreFile(directory);
  const isIgnored = (file: string): boolean => rules.ignores(file);
  const files: AssetFile[] = [];
  const kept: string[] = [];
  let breathed = performance.now();

  async function walk(prefix: string): Promise<void> {
    for (const entry of await list(directory, prefix)) {
      if (performance.now() - breathed > BREATH_MS) {
        await setImmediate();
        breathed = performance.now();
      }
      signal?.throwIfAborted();
      const path = `${prefix}${entry.name}`;
      const onDisk = join(directory, path);
      if (path === IGNORE_FILE) continue;
      if (isReservedPath(path) && prefix === "") {
        if (!isIgnored(entry.isDirectory() ? `${path}/` : path)) await requireOwn(onDisk, entry.name);
        continue;
      }
      if (isPrivate(path, publishing)) {
        if (!isIgnored(path)) kept.push(entry.isDirectory() ? `${path}/` : path);
      } else if (isIgnored(entry.isDirectory() ? `${path}/` : path) && !RULE_FILES.has(path)) continue;
      else {
        await requireUtf8Name(join(directory, prefix), entry.name);
        if (entry.isDirectory()) await walk(`${path}/`);
        else if (entry.isFile() && holdsSecret(onDisk)) kept.push(path);
        else if (entry.isFile()) files.push({ path, onDisk });
        else throw notAFile(onDisk, entry);
      }
    }
  }
  await walk("");
  return { files, kept };
}

/** What the command keeps in the folder itself is left behind. */
async function requireOwn(onDisk: string, name: string): Promise<void> {
  const foreign = name === OWN_DIRECTORY ? await foundIn(onDisk) : onDisk;
  if (foreign !== undefined) throw reservedName(foreign);
}

async function foundIn(onDisk: string): Promise<string | undefined> {
  try {
    return await foreignIn(onDisk);
  } catch (cause) {
    throw unreadable(onDisk, cause);
  }
}

/** The error of what cannot lie in a site: the manifest and the modules have its place. */
export function reservedName(onDisk: string): BundleError {
  return new BundleError({
    code: "NAME_TAKEN",
    message: `A site has no ${OWN_DIRECTORY} at its root: in what is deployed, the manifest and the worker's modules lie there.`,
    value: onDisk,
    next: `rename or move it, or keep it back: echo ${OWN_DIRECTORY} >> ${IGNORE_FILE}`,
  });
}

async function list(directory: string, prefix: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(directory, prefix), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (prefix !== "") throw unreadable(join(directory, prefix), cause);
    throw new BundleError({
      code: "NO_ASSETS_DIRECTORY",
      message: "The folder with the static files cannot be read.",
      value: directory,
      next: "build the project first, or correct assets.directory",
      cause,
    });
  }
}

/** The error of a file or folder that is to be published and cannot be read. */
export function unreadable(onDisk: string, cause: unknown): DiskError {
  return new DiskError({
    code: "DISK_UNREADABLE",
    message: "A file or folder that would be published cannot be read.",
    value: onDisk,
    next: "see that it may be read, or name it in .assetsignore",
    cause,
  });
}

function notAFile(onDisk: string, entry: Dirent): DiskError {
  return new DiskError({
    code: "DISK_NOT_A_FILE",
    message: `Static files are files and folders only; this is ${entry.isSymbolicLink() ? "a symbolic link" : "neither"}.`,
    value: onDisk,
    next: entry.isSymbolicLink()
      ? "replace the link by a copy of what it points to, or name it in .assetsignore"
      : "remove it, or name it in .assetsignore",
  });
}
