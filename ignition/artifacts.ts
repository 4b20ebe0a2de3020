import type { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { bytecodeOf } from "../sdk/src/abi/bytecode.ts";
import * as abi from "../sdk/src/abi/index.ts";
import { contractKeys, contractTable } from "../sdk/src/contracts/table.ts";

type ModuleBuilder = Parameters<Parameters<typeof buildModule>[1]>[0];
type ContractArguments = Parameters<ModuleBuilder["call"]>[2];
type Artifact = Parameters<ModuleBuilder["contract"]>[1];
/** A contract that is deployed of an artifact. */
type ContractFuture = ReturnType<ModuleBuilder["contract"]>;

/** The code of contracts by their names. */
export type Artifacts = ReadonlyMap<string, Artifact>;

/**
 * The contracts as they are in git, ABIs and bytecode of the sdk: what the devnet deploys without a build. `npm test` makes
 * sure that a build gives the same.
 */
export function committedArtifacts(): Artifacts {
  const abis = new Map<string, Artifact["abi"]>(Object.entries(abi));
  return new Map(
    contractKeys.map((key) => {
      const { name } = contractTable[key];
      const found = abis.get(`${name[0]?.toLowerCase()}${name.slice(1)}Abi`);
      if (found === undefined) throw new Error(`sdk/src/abi has no ABI of ${name}`);
      return [name, artifactOf(name, found, bytecodeOf[key])];
    }),
  );
}

/** Ignition's `contract`, of the code in `artifacts`, or where there are none of what Hardhat built under that name. */
export function contractOf(m: ModuleBuilder, artifacts: Artifacts | undefined) {
  return (name: string, args?: ContractArguments): ContractFuture => {
    // Who deploys asks both kinds only for their address and their ABI.
    if (artifacts === undefined) return m.contract(name, args) as unknown as ContractFuture;
    const artifact = artifacts.get(name);
    if (artifact === undefined) throw new Error(`there is no code of ${name} among the artifacts`);
    return m.contract(name, artifact, args);
  };
}

/** Ignition's `contractAt`, by the ABI in `artifacts`, or where there are none by that of Hardhat's build. */
export function contractAt(m: ModuleBuilder, artifacts: Artifacts | undefined) {
  return (name: string, address: Parameters<ModuleBuilder["contractAt"]>[2]): ContractFuture => {
    if (artifacts === undefined) return m.contractAt(name, address) as unknown as ContractFuture;
    const artifact = artifacts.get(name);
    if (artifact === undefined) throw new Error(`there is no code of ${name} among the artifacts`);
    return m.contractAt(name, artifact, address) as unknown as ContractFuture;
  };
}

function artifactOf(contractName: string, abi: Artifact["abi"], bytecode: `0x${string}`): Artifact {
  return {
    _format: "hh3-artifact-1",
    contractName,
    sourceName: `sdk/src/abi/${contractName}.ts`,
    abi,
    bytecode,
    // Needed by nobody who deploys: no contract of ours is linked to a library.
    deployedBytecode: "0x",
    linkReferences: {},
    deployedLinkReferences: {},
  };
}
