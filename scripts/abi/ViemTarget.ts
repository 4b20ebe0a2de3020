import { basename, join } from "node:path";
import { type FileDescription, TypeChainTarget } from "typechain";
import {
  type ContractKey,
  calledContracts,
  contractKeys,
  contractTable,
} from "../../sdk/src/contracts/table.ts";

interface Artifact {
  readonly abi: readonly { readonly type: string }[];
  readonly bytecode: string;
}

/**
 * TypeChain target for viem: each contract's ABI as a `const`; what definitions of calls refer to, by the keys of the
 * table of contracts; the errors and the bytecode of all, each in a module of its own.
 */
export default class ViemTarget extends TypeChainTarget {
  readonly name = "viem";
  private readonly artifacts = new Map<string, Artifact>();

  override transformFile(file: FileDescription): FileDescription {
    const artifact: Artifact = JSON.parse(file.contents);
    const name = basename(file.path, ".json");
    this.artifacts.set(name, artifact);
    return {
      path: join(this.cfg.outDir ?? "", `${name}.ts`),
      contents: `export const ${camel(name)}Abi = ${JSON.stringify(artifact.abi)} as const;\n`,
    };
  }

  override afterRun(): FileDescription[] {
    const file = (name: string, lines: readonly string[]): FileDescription => ({
      path: join(this.cfg.outDir ?? "", name),
      contents: lines.join("\n"),
    });
    return [
      file(
        "index.ts",
        contractKeys.map((key) => `export { ${camel(nameOf(key))}Abi } from "./${nameOf(key)}.ts";`),
      ),
      file("contracts.ts", [
        ...calledContracts.map((key) => `import { ${camel(nameOf(key))}Abi } from "./${nameOf(key)}.ts";`),
        ...calledContracts.map(
          (key) => `export const ${key} = { key: "${key}", abi: ${camel(nameOf(key))}Abi } as const;`,
        ),
        `export const contractByKey = { ${calledContracts} };`,
      ]),
      file("errors.ts", [
        'import type { Abi } from "viem";',
        "/** The custom errors of all contracts that programs call. A call of one can end with an error of another. */",
        `export const errorsAbi: readonly Extract<Abi[number], { type: "error" }>[] = ${this.errors()};`,
      ]),
      file("bytecode.ts", [
        ...contractKeys.map(
          (key) =>
            `export const ${camel(nameOf(key))}Bytecode = "${this.artifacts.get(nameOf(key))?.bytecode}" as const;`,
        ),
        `export const bytecodeOf = { ${contractKeys.map((key) => `${key}: ${camel(nameOf(key))}Bytecode`)} };`,
      ]),
    ];
  }

  private errors(): string {
    const items = calledContracts.flatMap((key) => this.artifacts.get(nameOf(key))?.abi ?? []);
    const texts = items.filter(({ type }) => type === "error").map((item) => JSON.stringify(item));
    return `[${[...new Set(texts)]}]`;
  }
}

function nameOf(key: ContractKey): string {
  return contractTable[key].name;
}

function camel(name: string): string {
  return `${name[0]?.toLowerCase()}${name.slice(1)}`;
}
