import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import type { Address } from "viem";
import { MockUSD } from "./modules/MockUSD.ts";
import { Worker3 } from "./modules/Worker3.ts";
import { type Parameters, roleNames } from "./parameters.ts";

/** The chain id of anvil and of Hardhat's own network. */
export const DEVNET_CHAIN_ID = 31337;
/** Which unlocked account of a devnet plays which role; account 0 deploys. */
const DEVNET_ACCOUNTS = { nameKeeper: 0, arbiter: 7, guardian: 8, feeReceiver: 8, admin: 9 };

/** A network file: what `--network` of the command reads. */
export interface NetworkFile {
  chainId: number;
  rpcUrl: string;
  zone: string;
  decimals: 6;
  contracts: Record<
    "asset" | "accessManager" | "nodeRegistry" | "projectRegistry" | "creditEscrow" | "usageSettlement",
    Address
  >;
  /** No event of the contracts is older than this block. */
  deploymentBlock: number;
  epochSeconds: number;
  genesis: string;
  times: Omit<Parameters["times"], "genesis" | "epochSeconds">;
}

/**
 * Deploys the network of `parameters` over `connection` and says where it is. What the parameters leave out is filled in
 * on a devnet (chain 31337) and an error everywhere else.
 */
export async function deployWorker3(
  connection: NetworkConnection,
  parameters: Parameters,
  options: { rpcUrl?: string; displayUi?: boolean } = {},
): Promise<NetworkFile> {
  const client = await connection.viem.getPublicClient();
  const chainId = await client.getChainId();
  const isDevnet = chainId === DEVNET_CHAIN_ID;
  const { displayUi = false } = options;

  const missing: string[] = [...roleNames, "asset" as const].filter((name) => parameters[name] === undefined);
  if (parameters.times.genesis === undefined) missing.push("times.genesis");
  if (missing.length > 0 && !isDevnet) {
    throw new Error(`Chain ${chainId} is no devnet: the parameters have to name ${missing.join(", ")}.`);
  }

  const accounts = (await connection.viem.getWalletClients()).map((wallet) => wallet.account.address);
  const roles = Object.fromEntries(
    roleNames.map((name) => {
      const holder = parameters[name] ?? accounts[DEVNET_ACCOUNTS[name]];
      if (holder === undefined)
        throw new Error(`The devnet has no account ${DEVNET_ACCOUNTS[name]} for ${name}.`);
      return [name, holder];
    }),
  );
  if (roles.admin?.toLowerCase() === accounts[0]?.toLowerCase()) {
    throw new Error(
      `The admin ${roles.admin} is the deploying account, which gives up its roles: name another.`,
    );
  }

  // Ignition resumes what its journal knows. A devnet's chain is new each time, so there the journal is not kept.
  const deploymentId = isDevnet ? `devnet-${process.pid}-${Date.now()}` : `chain-${chainId}`;
  const journalFolder = join(import.meta.dirname, "deployments", deploymentId);
  const block = await client.getBlock();
  try {
    const asset =
      parameters.asset ??
      (await connection.ignition.deploy(MockUSD, { displayUi, deploymentId })).mockUSD.address;
    const genesis = parameters.times.genesis ?? Number(block.timestamp);
    const values = omit(parameters, ["asset", ...roleNames]);
    const deployed = await connection.ignition.deploy(Worker3, {
      displayUi,
      deploymentId,
      parameters: { Worker3: { ...values, ...roles, asset, times: { ...values.times, genesis } } },
    });
    return {
      chainId,
      rpcUrl: options.rpcUrl ?? "http://127.0.0.1:8545",
      zone: parameters.zone,
      decimals: 6,
      contracts: {
        asset,
        accessManager: deployed.accessManager.address,
        nodeRegistry: deployed.nodeRegistry.address,
        projectRegistry: deployed.projectRegistry.address,
        creditEscrow: deployed.creditEscrow.address,
        usageSettlement: deployed.usageSettlement.address,
      },
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
