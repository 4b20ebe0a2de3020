import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OWN_DIRECTORY } from "@worker3/sdk";

/** The folder with the example projects. */
export const EXAMPLES = fileURLToPath(new URL("../../../test/projects/", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** A folder of a test, gone afterwards. */
export interface ProjectFolder extends AsyncDisposable {
  readonly path: string;
}

/** A new folder with these files. */
export async function folderWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<ProjectFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "worker3-test-")));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * A copy of an example project somewhere else, so many folders deep; its packages are found through links.
 *
 * @param kept Names at the root that are left out.
 */
export async function copyOfExample(
  name: string,
  depth: number,
  leftOut: readonly string[] = [],
): Promise<ProjectFolder> {
  const root = await folderWith({});
  const path = join(root.path, ...Array.from({ length: depth }, (_, level) => `level${level}`), name);
  const out = new Set(["node_modules", ".wrangler", ...leftOut]);
  await cp(join(EXAMPLES, name), path, { recursive: true, filter: (source) => !out.has(basename(source)) });
  await symlink(PACKAGES, join(root.path, "node_modules"));
  const own = join(EXAMPLES, name, "node_modules");
  if (existsSync(own)) await symlink(own, join(path, "node_modules"));
  return { path, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

/** The names at the root of a deployment folder that are the site's. */
export async function siteNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name !== OWN_DIRECTORY);
}
