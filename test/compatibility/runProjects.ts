import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import type { Project } from "./Project.ts";
import { tryProject } from "./tryProject.ts";

/** A project and where its files are, or why they are not. */
export type Found<of extends Project = Project> = { readonly project: of } & (
  | { readonly directory: string }
  | { readonly missing: string }
);

export interface Tried<of extends Project = Project> {
  readonly project: of;
  /** What is not as expected, a line each; none: everything is. */
  readonly differences: readonly string[];
  readonly seconds: number;
}

/** Tries projects one after the other on a devnet of one node, and tells of each when it is done. */
export async function runProjects<of extends Project>(
  found: readonly Found<of>[],
  { signal, onTried }: { readonly signal: AbortSignal; readonly onTried: (tried: Tried<of>) => void },
): Promise<Tried<of>[]> {
  const folder = await mkdtemp(join(tmpdir(), "worker3-projects-"));
  const devnet = await startOwnDevnet({ nodes: 1, signal });
  try {
    const all: Tried<of>[] = [];
    for (const one of found) {
      const startedMs = performance.now();
      const differences =
        "missing" in one
          ? [one.missing]
          : await tryProject({ ...one, temporary: join(folder, "p"), devnet, signal });
      const tried = { project: one.project, differences, seconds: (performance.now() - startedMs) / 1_000 };
      onTried(tried);
      all.push(tried);
    }
    return all;
  } finally {
    await devnet.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
