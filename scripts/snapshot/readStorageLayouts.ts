import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ARTIFACTS, CONTRACTS } from "../bench/support/contractSizes.ts";
import { formatStorageLayout, type StorageLayout } from "./formatStorageLayout.ts";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
const types = join(import.meta.dirname, "../../contracts/types");

/** The storage layout of each contract as text, by its name. Compiles what was built last once more, for the layouts only. */
export async function readStorageLayouts(): Promise<Map<string, string>> {
  const words = await readWordLayouts();
  const layouts = new Map<string, string>();
  for (const name of CONTRACTS) {
    const artifact = await readJson(join(ARTIFACTS, "contracts", `${name}.sol`, `${name}.json`));
    const { input } = await readJson(join(ARTIFACTS, "build-info", `${artifact.buildInfoId}.json`));
    const source = artifact.inputSourceName;
    const outputSelection = { [source]: { [name]: ["storageLayout"] } };
    const settings = { ...input.settings, outputSelection };
    const output = JSON.parse(solc.compile(JSON.stringify({ ...input, settings })));
    const layout: StorageLayout | undefined = output.contracts?.[source]?.[name]?.storageLayout;
    if (layout === undefined)
      throw new Error(`solc gave no storage layout of ${name}: build the contracts again.`);
    layouts.set(name, formatStorageLayout(name, layout, words));
  }
  return layouts;
}

/** What the comments in `contracts/types` say of the bits of each value type, by its name. */
async function readWordLayouts(): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  for (const file of await readdir(types)) {
    const source = await readFile(join(types, file), "utf8");
    for (const [, comment = "", name = ""] of source.matchAll(/((?:^\/\/\/.*\n)+)type (\w+) is/gm)) {
      const [, layout] =
        /@dev (`[^`]+`, from the \w+ bits \w+)/.exec(comment.replaceAll(/\n\/\/\/ /g, " ")) ?? [];
      if (layout === undefined)
        throw new Error(`${file}: the comment of ${name} does not begin with its slots.`);
      words.set(name, layout);
    }
  }
  return words;
}

const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8"));
