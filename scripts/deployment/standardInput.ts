import type { CompilerInput, ContractBuild } from "./readBuild.ts";

/** Enough to compare bytes; explorers choose for themselves. */
const OUTPUT = ["abi", "metadata", "evm.bytecode.object", "evm.deployedBytecode.object"];

/**
 * The standard JSON input of one contract: the sources that it is made of, with the names and settings of the build, which
 * the metadata hash at the end of the code depends on. It compiles to the same bytes as the build of everything.
 */
export function standardInput({ input, sourceNames }: ContractBuild): CompilerInput {
  const sources = sourceNames.map((name): [string, { content: string }] => {
    const source = input.sources[name];
    if (source === undefined) throw new RangeError(`the compiler's input has no source ${name}`);
    return [name, { content: source.content }];
  });
  return {
    language: input.language,
    sources: Object.fromEntries(sources),
    settings: { ...input.settings, outputSelection: { "*": { "*": OUTPUT } } },
  };
}
