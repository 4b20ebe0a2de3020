import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface ReleasedPackage {
  /** In the repository. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

/** What is released together, each after what it needs. */
const RELEASED_FOLDERS = ["sdk", "node-agent", "cli"] as const;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages that are released, which have one version and want each other in exactly that.
 *
 * @throws {Error} when they do not.
 */
export async function releasedPackages(root: string): Promise<ReleasedPackage[]> {
  const manifests = await Promise.all(
    RELEASED_FOLDERS.map(async (folder) => {
      const text = await readFile(join(root, folder, "package.json"), "utf8");
      return { folder, ...(JSON.parse(text) as Manifest) };
    }),
  );
  const names = new Set(manifests.map(({ name }) => name));
  const [{ version } = { version: "" }] = manifests;
  for (const { name, dependencies = {}, ...own } of manifests) {
    if (own.version !== version) throw new Error(`${name} is ${own.version}, and others are ${version}`);
    for (const [needed, wanted] of Object.entries(dependencies)) {
      if (!names.has(needed) || wanted === version) continue;
      throw new Error(`${name} wants ${needed} ${wanted}, which is ${version}`);
    }
  }
  return manifests.map(({ folder, name }) => ({ folder, name, version }));
}

/** What `npm pack` calls a package's file. */
export function tarballOf({ name, version }: Pick<ReleasedPackage, "name" | "version">): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}
