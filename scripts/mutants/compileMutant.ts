import { compileQuickly } from "./compileQuickly.ts";
import type { Compiler } from "./createCompiler.ts";
import type { Mutant } from "./Mutant.ts";
import type { Build, BuiltContract } from "./readBuilds.ts";

/** The contracts that the mutant changes, with their code; or why it is none. */
export type MutantCode = { readonly contracts: readonly BuiltContract[] } | { readonly invalid: string };

export interface CompileMutantParameters {
  readonly mutant: Mutant;
  /** Its file with the bug in it. */
  readonly source: string;
  /** Compiled in the same way, without a bug. */
  readonly builds: readonly Build[];
  readonly compiler: Compiler;
  readonly signal: AbortSignal;
}

/** Compiles the contracts that the mutant's file goes into. */
export async function compileMutant(parameters: CompileMutantParameters): Promise<MutantCode> {
  const { mutant, source, builds, compiler, signal } = parameters;
  const changed: BuiltContract[] = [];
  for (const { input, nameOf, contracts } of builds) {
    const name = nameOf(`contracts/${mutant.file}`);
    const affected = contracts.filter(({ sources }) => name !== undefined && sources.has(name));
    if (name === undefined || affected.length === 0) continue;

    const sources = { ...input.sources, [name]: { content: source } };
    const code = await compileQuickly({ ...input, sources }, affected, compiler, signal);
    if ("error" in code) return { invalid: code.error };
    changed.push(...code.contracts.filter((contract, i) => codeOf(contract) !== codeOf(affected[i])));
  }
  return changed.length === 0 ? { invalid: "it changes no contract's code" } : { contracts: changed };
}

/** CBOR at the end of the code carries a digest over the sources, which every change changes. */
const METADATA = /a2646970667358221220[0-9a-f]{64}64736f6c6343[0-9a-f]{6}0033/g;

const codeOf = (contract: BuiltContract | undefined): string | undefined =>
  contract?.artifact.bytecode.replace(METADATA, "");
