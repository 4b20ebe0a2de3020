import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Compiler, StandardInput } from "./createCompiler.ts";
import { sourcesOf } from "./sourcesOf.ts";

const Artifact = z.looseObject({
  contractName: z.string(),
  bytecode: z.string(),
  inputSourceName: z.string().optional(),
  buildInfoId: z.string().optional(),
});
export type Artifact = z.infer<typeof Artifact>;
const BuildInfo = z.looseObject({
  userSourceNameMap: z.record(z.string(), z.string()),
  input: StandardInput,
});

/** A contract that tests deploy. */
export interface BuiltContract {
  /** Of its artifact, from the project's root on. */
  readonly path: string;
  readonly artifact: Artifact;
  /** Its source, as the compiler's input names it. */
  readonly source: string;
  /** All sources that its code comes from. */
  readonly sources: ReadonlySet<string>;
  /** Which code generator it needs: the new one where the old one says "Stack too deep". */
  readonly viaIR?: boolean;
}

/** What Hardhat gave its compiler in one go, and the contracts that came of it. */
export interface Build {
  readonly input: StandardInput;
  /** The compiler's name of a source, by its path from the project's root on. */
  readonly nameOf: (path: string) => string | undefined;
  readonly contracts: readonly BuiltContract[];
}

/** Reads the project's artifacts, which are current, and finds out which sources go into which contract. */
export async function readBuilds(root: string, compiler: Compiler, signal: AbortSignal): Promise<Build[]> {
  const byBuild = new Map<string, Omit<BuiltContract, "sources">[]>();
  for await (const path of glob("artifacts/contracts/**/*.json", { cwd: root })) {
    const artifact = Artifact.parse(JSON.parse(await readFile(join(root, path), "utf8")));
    const { bytecode, buildInfoId, inputSourceName } = artifact;
    if (bytecode === "0x" || buildInfoId === undefined || inputSourceName === undefined) continue;
    const contracts = byBuild.get(buildInfoId) ?? [];
    byBuild.set(buildInfoId, [...contracts, { path, artifact, source: inputSourceName }]);
  }

  const builds: Build[] = [];
  for (const [id, contracts] of byBuild) {
    const file = join(root, "artifacts/build-info", `${id}.json`);
    const { input, userSourceNameMap } = BuildInfo.parse(JSON.parse(await readFile(file, "utf8")));
    const output = await compiler.compile(withOutput(input, contracts, ["ir"]), signal);
    builds.push({
      input,
      // The map has what was compiled anew, and not what it imports of sources that had not changed since.
      nameOf: (path) =>
        userSourceNameMap[path] ?? (`project/${path}` in input.sources ? `project/${path}` : undefined),
      contracts: contracts.map((contract) => {
        const { ir = "" } = output.contracts[contract.source]?.[contract.artifact.contractName] ?? {};
        return { ...contract, sources: sourcesOf(ir) };
      }),
    });
  }
  return builds;
}

/** The input that asks for `what` of these contracts, and so for nothing of the others. */
export function withOutput(
  input: StandardInput,
  contracts: readonly Pick<BuiltContract, "artifact" | "source">[],
  what: readonly string[],
): StandardInput {
  const outputSelection: Record<string, Record<string, readonly string[]>> = {};
  for (const { source, artifact } of contracts) {
    outputSelection[source] = { ...outputSelection[source], [artifact.contractName]: what };
  }
  return { ...input, settings: { ...input.settings, outputSelection } };
}
