import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./tools.ts";

const solc = createRequire(import.meta.url)("solc") as {
  version(): string;
  compile(
    input: string,
    callbacks: { import: (path: string) => { contents: string } | { error: string } },
  ): string;
};

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Record<string, object>>>;
}

/**
 * Writes the syntax trees of the contracts, those for tests left out, as a build of Hardhat that analysers read. Not the
 * artifacts of the build: those may come of several compilations, older ones among them. No code is generated, so this
 * takes seconds, and bytecode is empty.
 * @returns The folder of artifacts.
 */
export async function writeBuildInfo(folder: string): Promise<string> {
  const files = globSync("contracts/**/*.sol", { cwd: root }).filter(
    (file) => !file.startsWith("contracts/mocks/"),
  );
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      files.sort().map((file) => [file, { content: readFileSync(join(root, file), "utf8") }]),
    ),
    settings: { outputSelection: { "*": { "": ["ast"], "*": ["abi", "userdoc", "devdoc"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as Output;
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));

  const none = { object: "", sourceMap: "" };
  const contracts = Object.fromEntries(
    Object.entries(output.contracts).map(([file, named]) => [
      file,
      Object.fromEntries(
        Object.entries(named).map(([name, contract]) => [
          name,
          { ...contract, evm: { bytecode: none, deployedBytecode: none } },
        ]),
      ),
    ]),
  );
  const [solcVersion = ""] = /^\d+\.\d+\.\d+/.exec(solc.version()) ?? [];
  const file = join(folder, "build-info/contracts.json");
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    JSON.stringify({ id: "contracts", solcVersion, input, output: { ...output, contracts } }),
  );
  return folder;
}

function readImport(path: string): { contents: string } | { error: string } {
  const file = [join(root, path), join(root, "node_modules", path)].find((candidate) =>
    existsSync(candidate),
  );
  return file === undefined ? { error: `${path} is not there` } : { contents: readFileSync(file, "utf8") };
}
