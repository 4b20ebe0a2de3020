import { type Address, zeroAddress } from "viem";
import { viem } from "./network.ts";
import type { Network } from "./scenario.ts";

export interface TimeLine {
  genesis: number;
  epochSeconds: number;
  late: number;
  dispute: number;
  decide: number;
  creditThaw: number;
  stakeThaw: number;
}

/** The time line of the network, as the constructors take it. */
export function timesOf({ network }: Network): TimeLine {
  return {
    genesis: Date.parse(network.genesis) / 1000,
    epochSeconds: network.epochSeconds,
    ...network.times,
  };
}

/** The prices of the network, as `UsageSettlement` takes them. */
export const pricesOf = ({ parameters }: Network) => ({
  ...parameters.prices,
  base: Number(parameters.prices.base),
  perMRequests: Number(parameters.prices.perMRequests),
  perMCpuMs: Number(parameters.prices.perMCpuMs),
  perGiB: Number(parameters.prices.perGiB),
});

/** What bounds the network's disputes, as `UsageSettlement` takes it. */
export const disputeParametersOf = ({ parameters, arbiter }: Network) => ({
  minBond: parameters.minBond,
  maxSlash: parameters.maxSlash,
  slashFloor: parameters.slashFloor,
  slashFactor: parameters.slashFactor,
  rewardFactor: parameters.rewardFactor,
  arbiter: arbiter.account.address,
});

/** A node registry beside those of the network: nobody bound it yet. */
export const deployNodes = (
  t: Network,
  options: {
    asset?: Address;
    times?: TimeLine;
    minStake?: bigint;
    seatStakeFactor?: number;
    maxSlashShareBps?: number;
    allowHttp?: boolean;
  } = {},
) =>
  viem.deployContract("NodeRegistry", [
    t.accessManager.address,
    options.asset ?? t.usd.address,
    options.times ?? timesOf(t),
    options.minStake ?? t.parameters.minStake,
    options.seatStakeFactor ?? t.parameters.seatStakeFactor,
    options.maxSlashShareBps ?? t.parameters.maxSlashShareBps,
    options.allowHttp ?? true,
  ]);

/** A project registry over `nodes`, with a registry of names of its own. */
export const deployProjects = (
  t: Network,
  nodes: Address,
  options: { zone?: string; predecessor?: Address; keptEpochs?: number } = {},
) =>
  viem.deployContract("ProjectRegistry", [
    t.accessManager.address,
    nodes,
    {
      zone: options.zone ?? t.parameters.zone,
      nameKeeper: t.deployer.account.address,
      predecessor: options.predecessor ?? zeroAddress,
      keptEpochs: options.keptEpochs ?? 0,
    },
    Number(t.parameters.defaultCap),
    Number(t.parameters.maxCap),
  ]);

/** An escrow over `projects`. */
export const deployEscrow = (
  t: Network,
  projects: Address,
  options: { asset?: Address; feeReceiver?: Address } = {},
) =>
  viem.deployContract("CreditEscrow", [
    t.accessManager.address,
    options.asset ?? t.usd.address,
    projects,
    options.feeReceiver ?? t.guardian.account.address,
  ]);

/** A settlement over all three. */
export const deploySettlement = (t: Network, nodes: Address, projects: Address, escrow: Address) =>
  viem.deployContract("UsageSettlement", [
    t.accessManager.address,
    nodes,
    projects,
    escrow,
    pricesOf(t),
    disputeParametersOf(t),
  ]);

/**
 * The network once more, with `token` as its asset: credit, stakes and bonds are of it, and the scenarios run on it as
 * they do on the first.
 */
export async function withAsset(t: Network, token: { address: Address }): Promise<Network> {
  const nodes = await deployNodes(t, { asset: token.address });
  const projects = await deployProjects(t, nodes.address);
  const escrow = await deployEscrow(t, projects.address, { asset: token.address });
  const settlement = await deploySettlement(t, nodes.address, projects.address, escrow.address);
  await nodes.write.bind([settlement.address]);
  await projects.write.bind([settlement.address]);
  await escrow.write.bind([settlement.address]);
  const names = await viem.getContractAt("NameRegistry", await projects.read.nameRegistry());
  const lens = await viem.deployContract("Lens", [settlement.address]);
  // The scenarios mint and approve, and every token here can do that.
  const usd = await viem.getContractAt("MockUSD", token.address);
  return { ...t, usd, nodes, projects, names, escrow, settlement, lens };
}

/** Where money that is sent out of the escrow would be lost. */
export const ownContracts = (t: Network): { address: Address }[] => [
  { address: zeroAddress },
  t.usd,
  t.escrow,
  t.settlement,
  t.projects,
  t.nodes,
  t.names,
];
