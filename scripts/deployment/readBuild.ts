import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { contractTable } from "@worker3/sdk";
import type { Abi, Hex } from "viem";
import { z } from "zod";
import { type ContractName, contractNames, eachContract, networkKeys } from "./contracts.ts";
import { DeploymentError } from "./DeploymentError.ts";
import { type Immutable, immutablesOf } from "./immutablesOf.ts";
import { importedBy } from "./importedBy.ts";

const hex = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]*$/)]);
const artifactSchema = z.object({
  abi: z.custom<Abi>(Array.isArray),
  bytecode: hex,
  deployedBytecode: hex,
  immutableReferences: z.record(z.string(), z.array(z.object({ start: z.int(), length: z.int() }))),
  inputSourceName: z.string(),
  buildInfoId: z.string(),
});
const buildInfoSchema = z.object({
  solcLongVersion: z.string(),
  input: z.object({
    language: z.literal("Solidity"),
    sources: z.record(z.string(), z.object({ content: z.string() })),
    settings: z.looseObject({ outputSelection: z.unknown() }),
  }),
});
const outputSchema = z.object({
  output: z.object({ sources: z.record(z.string(), z.object({ ast: z.unknown() })) }),
});

export type CompilerInput = z.output<typeof buildInfoSchema>["input"];

/** What Hardhat made of one contract. */
export interface ContractBuild {
  readonly name: ContractName;
  readonly abi: Abi;
  /** What a deployment sends, without the constructor's arguments. */
  readonly creationCode: Hex;
  /** What is on the chain afterwards, with zeros where immutables stand. */
  readonly runtimeCode: Hex;
  readonly immutables: readonly Immutable[];
  /** The source's name in the compiler's input, which the metadata hash depends on. */
  readonly sourceName: string;
  /** The names of all sources that it is made of, itself included. */
  readonly sourceNames: readonly string[];
  /** As explorers write it, without the `v`: `0.8.37+commit.f401782d`. */
  readonly compilerVersion: string;
  readonly input: CompilerInput;
}

export type Build = Readonly<Record<ContractName, ContractBuild>>;

/**
 * Reads the contracts from the artifacts of `hardhat build`.
 *
 * @throws {DeploymentError} `BUILD_MISSING`, `BUILD_UNREADABLE`.
 */
export async function readBuild(root: string): Promise<Build> {
  const infos = new Map<string, Promise<BuildInfo>>();
  const builds = await Promise.all(
    contractNames.map(async (name) => {
      const file = join(root, "artifacts", contractTable[networkKeys[name]].source, `${name}.json`);
      const artifact = await readJson(file, artifactSchema);
      const id = basename(artifact.buildInfoId);
      const info = infos.get(id) ?? readBuildInfo(join(root, "artifacts/build-info", id));
      infos.set(id, info);
      return contractBuild(name, artifact, await info);
    }),
  );
  const byName = new Map(builds.map((build) => [build.name, build]));
  return eachContract((name) => byName.get(name) as ContractBuild);
}

interface BuildInfo extends z.output<typeof buildInfoSchema> {
  readonly asts: Readonly<Record<string, { readonly ast?: unknown }>>;
}

async function readBuildInfo(path: string): Promise<BuildInfo> {
  const [info, { output }] = await Promise.all([
    readJson(`${path}.json`, buildInfoSchema),
    readJson(`${path}.output.json`, outputSchema),
  ]);
  return { ...info, asts: output.sources };
}

function contractBuild(
  name: ContractName,
  artifact: z.output<typeof artifactSchema>,
  { input, solcLongVersion, asts }: BuildInfo,
): ContractBuild {
  return {
    name,
    abi: artifact.abi,
    creationCode: artifact.bytecode,
    runtimeCode: artifact.deployedBytecode,
    immutables: immutablesOf(artifact.immutableReferences, asts),
    sourceName: artifact.inputSourceName,
    sourceNames: importedBy(artifact.inputSourceName, asts),
    compilerVersion: solcLongVersion,
    input,
  };
}

async function readJson<T extends z.ZodType>(file: string, schema: T): Promise<z.output<T>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new DeploymentError({
      code: "BUILD_MISSING",
      message: "The contracts are not built.",
      value: file,
      next: "npm run build:contracts",
      cause,
    });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DeploymentError({
      code: "BUILD_UNREADABLE",
      message: "An artifact is not what Hardhat 3 writes.",
      value: file,
      next: "npx hardhat clean, then npm run build:contracts",
      cause,
    });
  }
}
