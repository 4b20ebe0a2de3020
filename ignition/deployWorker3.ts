import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import { type Address, zeroAddress } from "viem";
import { type ContractKey, deployedContracts, recordOf } from "../sdk/src/contracts/table.ts";
import type { Artifacts } from "./artifacts.ts";
import { mockUSDModule } from "./modules/MockUSD.ts";
import { worker3Module } from "./modules/Worker3.ts";
import { type Parameters, roleNames } from "./parameters.ts";
import { DEVNET_CHAIN_ID, rolesOf } from "./rolesOf.ts";

/** A network file: what `--network` of the command reads. */
export interface NetworkFile {
  chainId: number;
  rpcUrl: string;
  zone: string;
  decimals: 6;
  contracts: Record<ContractKey, Address>;
  /** No event of the contracts is older than this block. */
  deploymentBlock: number;
  epochSeconds: number;
  genesis: string;
  times: Omit<Parameters["times"], "genesis" | "epochSeconds">;
}

export interface DeployOptions {
  /** What the network file says; the devnet's by default. */
  readonly rpcUrl?: string;
  /** Ignition's table of what it does. */
  readonly displayUi?: boolean;
  /** The folder of Ignition's journal, which otherwise is named after the chain: for chains that share an id. */
  readonly deploymentId?: string;
  /** The code that is deployed; what Hardhat built by default. */
  readonly artifacts?: Artifacts;
}

/**
 * Deploys the network of `parameters` over `connection` and says where it is. What the parameters leave out is filled in
 * on a devnet (chain 31337) and an error everywhere else.
 */
export async function deployWorker3(
  connection: NetworkConnection,
  parameters: Parameters,
  options: DeployOptions = {},
): Promise<NetworkFile> {
  const client = await connection.viem.getPublicClient();
  const chainId = await client.getChainId();
  const isDevnet = chainId === DEVNET_CHAIN_ID;
  const { displayUi = false, artifacts } = options;

  const accounts = (await connection.viem.getWalletClients()).map((wallet) => wallet.account.address);
  const roles = rolesOf(parameters, { chainId, accounts });
  if (roles.admin.toLowerCase() === accounts[0]?.toLowerCase()) {
    throw new Error(
      `The admin ${roles.admin} is the deploying account, which gives up its roles: name another.`,
    );
  }

  // Ignition resumes what its journal knows. A devnet's chain is new each time, so there the journal is not kept.
  const ownId = isDevnet ? `devnet-${process.pid}-${Date.now()}` : `chain-${chainId}`;
  const { deploymentId = ownId } = options;
  const journalFolder = join(import.meta.dirname, "deployments", deploymentId);
  const block = await client.getBlock();
  try {
    const asset =
      parameters.asset ??
      (await connection.ignition.deploy(mockUSDModule(artifacts), { displayUi, deploymentId })).mockUSD
        .address;
    const genesis = parameters.times.genesis ?? Number(block.timestamp);
    const { predecessor = zeroAddress, keptEpochs = 0 } = parameters;
    const values = { ...omit(parameters, ["asset", ...roleNames]), predecessor, keptEpochs };
    const deployed = await connection.ignition.deploy(worker3Module(artifacts), {
      displayUi,
      deploymentId,
      parameters: { Worker3: { ...values, ...roles, asset, times: { ...values.times, genesis } } },
    });
    return {
      chainId,
      rpcUrl: options.rpcUrl ?? "http://127.0.0.1:8545",
      zone: parameters.zone,
      decimals: 6,
      contracts: { asset, ...recordOf(deployedContracts, (key) => deployed[key].address) },
      deploymentBlock: isDevnet ? Number(block.number) + 1 : await firstBlock(journalFolder),
      epochSeconds: values.times.epochSeconds,
      genesis: new Date(genesis * 1000).toISOString(),
      times: omit(values.times, ["genesis", "epochSeconds"]),
    };
  } finally {
    if (isDevnet) await rm(journalFolder, { recursive: true, force: true });
  }
}

/** The block of the oldest transaction in Ignition's journal, which also knows those of earlier runs. */
async function firstBlock(journalFolder: string): Promise<number> {
  const blocks = (await readFile(join(journalFolder, "journal.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.includes('"TRANSACTION_CONFIRM"'))
    .map((line): number => JSON.parse(line).receipt.blockNumber);
  return Math.min(...blocks);
}

function omit<T extends object, K extends keyof T>(object: T, keys: readonly K[]): Omit<T, K> {
  const rest = { ...object };
  for (const key of keys) delete rest[key];
  return rest;
}
