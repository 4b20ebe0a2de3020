import type { NetworkConnection } from "hardhat/types/network";
import type { Address } from "viem";
import { MockUSD } from "./modules/MockUSD.ts";
import { Worker3 } from "./modules/Worker3.ts";
import { type Parameters, roleNames } from "./parameters.ts";

const DEVNET_CHAIN_ID = 31337;
const DAY_SECONDS = 86_400;
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

  const missing = [...roleNames, "asset" as const].filter((name) => parameters[name] === undefined);
  if (missing.length > 0 && !isDevnet) {
    throw new Error(`Chain ${chainId} is no devnet: the parameters have to name ${missing.join(", ")}.`);
  }

  const accounts = (await connection.viem.getWalletClients()).map((wallet) => wallet.account.address);
  const roles: Record<string, Address> = {};
  for (const name of roleNames) {
    const holder = parameters[name] ?? accounts[DEVNET_ACCOUNTS[name]];
    if (holder === undefined) throw new Error(`The devnet has no account ${DEVNET_ACCOUNTS[name]} for ${name}.`);
    roles[name] = holder;
  }
  if (roles.admin?.toLowerCase() === accounts[0]?.toLowerCase()) {
    throw new Error(`The admin ${roles.admin} is the deploying account, which gives up its roles: name another.`);
  }

  const block = await client.getBlock();
  const asset =
    parameters.asset ?? (await connection.ignition.deploy(MockUSD, { displayUi })).mockUSD.address;
  const genesis = parameters.times.genesis ?? defaultGenesis(Number(block.timestamp), parameters.times.epochSeconds);
  const deployed = await connection.ignition.deploy(Worker3, {
    displayUi,
    parameters: { Worker3: { ...parameters, ...roles, asset, times: { ...parameters.times, genesis } } },
  });

  const { epochSeconds, genesis: _, ...times } = parameters.times;
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
    // No event can be older: the contracts were deployed on top of this block.
    deploymentBlock: Number(block.number) + 1,
    epochSeconds,
    genesis: new Date(genesis * 1000).toISOString(),
    times,
  };
}

function defaultGenesis(timestamp: number, epochSeconds: number): number {
  return epochSeconds === DAY_SECONDS ? timestamp - (timestamp % DAY_SECONDS) : timestamp;
}
