import type { Compiler } from "./createCompiler.ts";
import type { Mutant } from "./Mutant.ts";
import { type Artifact, type Build, type BuiltContract, withOutput } from "./readBuilds.ts";

/** EIP-170: of the code on chain, in bytes. A chain refuses more, which would look like a catch. */
const MAX_CODE_BYTES = 24_576;

export interface Compiled {
  readonly path: string;
  readonly artifact: Artifact;
}

/** The artifacts that the mutant changes, or why it is none. */
export type MutantCode = { readonly artifacts: readonly Compiled[] } | { readonly invalid: string };

export interface CompileMutantParameters {
  readonly mutant: Mutant;
  /** Its file with the bug in it. */
  readonly source: string;
  readonly builds: readonly Build[];
  readonly compiler: Compiler;
  readonly signal: AbortSignal;
}

/** Compiles the contracts that the mutant's file goes into, with the settings of the project. */
export async function compileMutant(parameters: CompileMutantParameters): Promise<MutantCode> {
  const { mutant, source, builds, compiler, signal } = parameters;
  const artifacts: Compiled[] = [];
  for (const { input, nameOf, contracts } of builds) {
    const name = nameOf(`contracts/${mutant.file}`);
    const affected = contracts.filter(({ sources }) => name !== undefined && sources.has(name));
    if (name === undefined || affected.length === 0) continue;

    const changed = { ...input, sources: { ...input.sources, [name]: { content: source } } };
    const output = await compiler.compile(withOutput(changed, affected, OUTPUT), signal);
    const error = output.errors.find(({ severity }) => severity === "error");
    if (error) return { invalid: error.formattedMessage };

    for (const contract of affected) {
      const evm = output.contracts[contract.source]?.[contract.artifact.contractName]?.evm;
      if (evm === undefined) return { invalid: `${contract.artifact.contractName} was not compiled` };
      if (evm.deployedBytecode.object.length / 2 > MAX_CODE_BYTES) {
        return { invalid: `${contract.artifact.contractName} is larger than a chain takes (EIP-170)` };
      }
      if (!isSame(contract, evm.bytecode.object)) artifacts.push(withCode(contract, evm));
    }
  }
  return artifacts.length === 0 ? { invalid: "it changes no contract's code" } : { artifacts };
}

const OUTPUT = ["evm.bytecode.object", "evm.bytecode.linkReferences"].concat(
  ["object", "linkReferences", "immutableReferences"].map((key) => `evm.deployedBytecode.${key}`),
);

interface Code {
  readonly bytecode: { object: string; linkReferences: unknown };
  readonly deployedBytecode: { object: string; linkReferences: unknown; immutableReferences: unknown };
}

const withCode = ({ path, artifact }: BuiltContract, { bytecode, deployedBytecode }: Code): Compiled => ({
  path,
  artifact: {
    ...artifact,
    bytecode: `0x${bytecode.object}`,
    linkReferences: bytecode.linkReferences,
    deployedBytecode: `0x${deployedBytecode.object}`,
    deployedLinkReferences: deployedBytecode.linkReferences,
    immutableReferences: deployedBytecode.immutableReferences,
  },
});

/** CBOR at the end of the code carries a digest over the sources, which every change changes. */
const METADATA = /a2646970667358221220[0-9a-f]{64}64736f6c6343[0-9a-f]{6}0033/g;

const isSame = ({ artifact }: BuiltContract, bytecode: string): boolean =>
  artifact.bytecode.replace(METADATA, "") === `0x${bytecode}`.replace(METADATA, "");
