import { access, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { BundleError } from "./BundleError.ts";
import { isRecord } from "./isRecord.ts";
import { parseJson } from "./parseJson.ts";
import { PACKAGE_BYTES, readRegularFile } from "./readRegularFile.ts";

export interface RequireInsideParameters {
  /** The project's folder, its real path. */
  readonly directory: string;
  /** What is published of it. One that is not there yet is not looked at: who reads it says so. */
  readonly folder: string;
  /** The field that names it: `assets.directory`. */
  readonly field: string;
}

/**
 * Refuses a folder to be published that lies, links followed, outside the project's checkout: whoever deploys a project
 * that others wrote would publish their own files with it, and be told nothing.
 *
 * @throws {BundleError} `ASSETS_OUTSIDE`; `value` is the folder's real path.
 */
export async function requireInside({ directory, folder, field }: RequireInsideParameters): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return;
  const root = await rootOf(directory);
  const way = relative(root, real);
  if (way !== ".." && !way.startsWith(`..${sep}`)) return;
  throw new BundleError({
    code: "ASSETS_OUTSIDE",
    message: `${field} leads out of the project, which is ${root}: everything in that folder would be public.`,
    value: real,
    next: `let the build copy the files into the project, and name that folder in ${field}`,
  });
}

/**
 * The folder that was checked out or unpacked as one: the nearest with a `.git`, else the workspace or the package that
 * the project is a part of, else the project itself. A home folder is none of them, whatever lies in it.
 */
async function rootOf(directory: string): Promise<string> {
  const home = await realpath(homedir()).catch(() => "");
  let nearestPackage: string | undefined;
  let workspace: string | undefined;
  for (let folder = directory; ; folder = dirname(folder)) {
    const isNone = folder === home || dirname(folder) === folder;
    if (isNone) return workspace ?? nearestPackage ?? directory;
    if (await isThere(join(folder, ".git"))) return folder;
    if (await isThere(join(folder, "package.json"))) nearestPackage ??= folder;
    if (await isWorkspace(folder)) workspace ??= folder;
  }
}

async function isWorkspace(folder: string): Promise<boolean> {
  if (await isThere(join(folder, "pnpm-workspace.yaml"))) return true;
  const path = join(folder, "package.json");
  try {
    const text = await readRegularFile(path, PACKAGE_BYTES);
    const value = parseJson(text.toString("utf8"), path);
    return isRecord(value) && value.workspaces !== undefined;
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
