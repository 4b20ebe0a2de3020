import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type FileDescription, TypeChainTarget } from "typechain";
import {
  type ContractKey,
  calledContracts,
  contractKeys,
  contractTable,
} from "../../sdk/src/contracts/table.ts";

const CHAPTERS = join(import.meta.dirname, "../../sdk/src/contracts");

interface Artifact {
  readonly abi: readonly { readonly type: string }[];
  readonly bytecode: string;
}

/**
 * TypeChain target for viem: each contract's ABI as a `const`, and what follows from the table of contracts: what
 * definitions of calls refer to, the namespaces of these definitions, the errors and the bytecode of all.
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
      file("namespaces.ts", [
        "/** The calls of each contract, under its alias. */",
        ...calledContracts.flatMap((key) => {
          const { alias } = contractTable[key];
          const chapters = [`${alias}.ts`, `${alias}/index.ts`].filter((path) =>
            existsSync(join(CHAPTERS, path)),
          );
          return chapters.map((path) => `export * as ${alias} from "../contracts/${path}";`);
        }),
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
