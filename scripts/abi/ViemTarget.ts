import { basename, join } from "node:path";
import { type FileDescription, TypeChainTarget } from "typechain";

/** TypeChain target for viem: each contract's ABI as a `const`, and the bytecode of all in a module of their own. */
export default class ViemTarget extends TypeChainTarget {
  readonly name = "viem";
  private readonly contracts: string[] = [];
  private readonly bytecodes: string[] = [];

  override transformFile(file: FileDescription): FileDescription {
    const { abi, bytecode } = JSON.parse(file.contents);
    const contract = basename(file.path, ".json");
    const name = `${contract[0]?.toLowerCase()}${contract.slice(1)}`;
    this.contracts.push(`export { ${name}Abi } from "./${contract}.ts";`);
    this.bytecodes.push(`export const ${name}Bytecode = "${bytecode}" as const;`);
    return {
      path: join(this.cfg.outDir ?? "", `${contract}.ts`),
      contents: `export const ${name}Abi = ${JSON.stringify(abi)} as const;\n`,
    };
  }

  override afterRun(): FileDescription[] {
    const outDir = this.cfg.outDir ?? "";
    return [
      { path: join(outDir, "index.ts"), contents: this.contracts.join("\n") },
      { path: join(outDir, "bytecode.ts"), contents: this.bytecodes.join("\n") },
    ];
  }
}
