import type { Compiler, StandardInput } from "./createCompiler.ts";
import { type BuiltContract, withOutput } from "./readBuilds.ts";

const WANTED = ["evm.bytecode.object", "evm.bytecode.linkReferences"].concat(
  ["object", "linkReferences", "immutableReferences"].map((key) => `evm.deployedBytecode.${key}`),
);

/** The contracts with other code in their artifacts, or the first error of the sources. */
export type QuickCode = { readonly contracts: readonly BuiltContract[] } | { readonly error: string };

/**
 * Compiles these contracts without the optimizer, which takes a tenth of the time: a bug in a source is the same bug in
 * any code that comes of it. A contract that is too deep for the old code generator, which is the fast one, gets the new.
 */
export async function compileQuickly(
  input: StandardInput,
  contracts: readonly BuiltContract[],
  compiler: Compiler,
  signal: AbortSignal,
): Promise<QuickCode> {
  const compiled: BuiltContract[] = [];
  for (const contract of contracts) {
    let code = await compileOne(input, contract, compiler, signal);
    if (!contract.viaIR && "error" in code && code.error.includes("Stack too deep")) {
      code = await compileOne(input, { ...contract, viaIR: true }, compiler, signal);
    }
    if ("error" in code) return code;
    compiled.push(...code.contracts);
  }
  return { contracts: compiled };
}

async function compileOne(
  input: StandardInput,
  contract: BuiltContract,
  compiler: Compiler,
  signal: AbortSignal,
): Promise<QuickCode> {
  const { artifact, source, viaIR = false } = contract;
  const settings = { ...input.settings, viaIR, optimizer: { enabled: false } };
  const { errors, contracts } = await compiler.compile(
    withOutput({ ...input, settings }, [contract], WANTED),
    signal,
  );
  const error = errors.find(({ severity }) => severity === "error");
  if (error) return { error: error.formattedMessage };
  const evm = contracts[source]?.[artifact.contractName]?.evm;
  if (evm === undefined) return { error: `${artifact.contractName} was not compiled` };
  const { bytecode, deployedBytecode } = evm;
  const changed = {
    ...artifact,
    bytecode: `0x${bytecode.object}`,
    linkReferences: bytecode.linkReferences,
    deployedBytecode: `0x${deployedBytecode.object}`,
    deployedLinkReferences: deployedBytecode.linkReferences,
    immutableReferences: deployedBytecode.immutableReferences,
  };
  return { contracts: [{ ...contract, artifact: changed }] };
}
