import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { BuiltContract } from "./readBuilds.ts";

export interface CreateCopyParameters {
  /** The project, built. */
  readonly root: string;
  /** Where the copy will be; its parent exists. */
  readonly folder: string;
  /** Whose artifacts the copy has instead of the project's own. */
  readonly contracts: readonly BuiltContract[];
  readonly signal: AbortSignal;
}

/** A copy of the project in which a bug can be planted. */
export interface Copy {
  readonly folder: string;
  /** The source of a contract as it is in the project. */
  readSource(file: string): Promise<string>;
  /** Writes the source with the bug and what was compiled of it. */
  plant(file: string, source: string, contracts: readonly BuiltContract[]): Promise<void>;
  /** Takes the bug back, and whatever tests have built meanwhile. */
  restore(): Promise<void>;
}

/** Tests of the compiler's own records, which the copy does not have: no bug in what contracts do turns them red. */
const READ_RECORDS: ReadonlySet<string> = new Set(["test/contracts/base/explorerViews.test.ts"]);

/** Copies the files that git has or would take, and the artifacts; `node_modules` is the project's own. */
export async function createCopy(parameters: CreateCopyParameters): Promise<Copy> {
  const { root, folder, contracts, signal } = parameters;
  const { stdout } = await promisify(execFile)(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    { cwd: root, maxBuffer: 1 << 26, signal },
  );
  for (const path of stdout.split("\0").filter((path) => path !== "" && !READ_RECORDS.has(path))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path)).catch(ignoreMissing);
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));

  const kept = `${folder}-artifacts`;
  // Without the compiler's own records, which would not fit the artifacts of a mutant: the chain reads them for traces.
  await cp(join(root, "artifacts"), kept, {
    recursive: true,
    filter: (path) => path !== join(root, "artifacts/build-info"),
  });
  const artifacts = join(folder, "artifacts");
  await cp(kept, artifacts, { recursive: true });
  await writeArtifacts(folder, contracts);

  let planted: { path: string; source: string } | undefined;
  const readSource = (file: string) => readFile(join(folder, "contracts", file), "utf8");
  return {
    folder,
    readSource,
    async plant(file, source, changed) {
      planted = { path: join(folder, "contracts", file), source: await readSource(file) };
      await writeFile(planted.path, source);
      await writeArtifacts(folder, changed);
    },
    async restore() {
      if (planted) await writeFile(planted.path, planted.source);
      planted = undefined;
      await rm(artifacts, { recursive: true, force: true });
      await cp(kept, artifacts, { recursive: true });
      await writeArtifacts(folder, contracts);
    },
  };
}

async function writeArtifacts(folder: string, contracts: readonly BuiltContract[]): Promise<void> {
  for (const { path, artifact } of contracts) await writeFile(join(folder, path), JSON.stringify(artifact));
}

/** A file that git knows and somebody has removed. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
