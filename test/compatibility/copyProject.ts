import { cp, symlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";

/**
 * Copies a project, so that what builds and servers write stays out of it. Its dependencies are linked, not copied: they are
 * many, and only read.
 */
export async function copyProject(from: string, to: string): Promise<void> {
  const dependencies: string[] = [];
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => {
      if (basename(path) === "node_modules") dependencies.push(path);
      return ![".git", "node_modules"].includes(basename(path));
    },
  });
  for (const path of dependencies) await symlink(path, join(to, relative(from, path)));
}
