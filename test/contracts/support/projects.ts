import assert from "node:assert/strict";
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  parseEventLogs,
} from "viem";
import { deployNetwork, networkHelpers } from "./network.ts";
import {
  assertions,
  createProject,
  currentEpoch,
  FULL,
  fundWallet,
  type Network,
  nextEpoch,
  registerNode,
  USD,
  type Wallet,
  zoneName,
} from "./scenario.ts";

export const DEFAULT_CAP = 50_000;
export const MAX_CAP = 100 * Number(USD);
/** The price of an empty receipt: the least cap. */
export const BASE = 1_000;

/** Bit 3: the region of nodes 1 to 4 of `withProject`. */
export const REGION_3 = 1 << 3;
/** Bit 1: the region of its node 5. */
export const REGION_1 = 1 << 1;

/** The project of `withProject`. */
export const PROJECT = 1n;
/** What a seat of it may charge an epoch. */
export const CAP = Number(USD);
export const DOMAIN = zoneName("project-1");
/** Why a project lost a domain, as `DomainReleased` says it. */
export const REASON = { givenUp: 0, lapsed: 1, projectClosed: 2 } as const;
/** How a name of the zone stands, as `standingOf` and the lens say it. */
export const STANDING = { free: 0, held: 1, resting: 2, kept: 3 } as const;
/** A project that does not exist. */
export const UNKNOWN = 99n;

/**
 * Nodes 1 to 4 in region 3 and node 5 in region 1, all accepting; project 1 of `owner` on nodes 1, 2 and 3, without
 * versions or credit. The chain stands in the first second of an epoch.
 */
export async function withProject() {
  const network = await deployNetwork();
  for (const region of [3, 3, 3, 3, 1]) await registerNode(network, { region });
  await createProject(network, { nodeIds: [1, 2, 3], credit: 0n });
  const epoch = await nextEpoch(network);
  return { ...network, epoch };
}

/** `loadFixture`. */
export const load = <T>(fixture: () => Promise<T>): Promise<T> => networkHelpers.loadFixture(fixture);

export type ProjectNetwork = Awaited<ReturnType<typeof withProject>>;

/** What the registries of projects and names emitted in a transaction: all of it, in order. */
export async function eventsOf({ projects, names, publicClient }: Network, sent: Hex | Promise<Hex>) {
  const { logs } = await publicClient.getTransactionReceipt({ hash: await sent });
  const registries = [projects.address.toLowerCase(), names.address.toLowerCase()];
  const own = logs.filter(({ address }) => registries.includes(address.toLowerCase()));
  const events = parseEventLogs({ abi: [...projects.abi, ...names.abi], logs: own, strict: true });
  assert.equal(events.length, own.length, "a registry emitted something that is not in its interface");
  return events.map(({ eventName, args }) => ({ eventName, ...args }));
}

/** A node that exists retires: its whole stake is asked back. */
export async function retireNode({ nodes }: Network, nodeId: number): Promise<void> {
  const { stake, owner } = await nodes.read.nodeOf([nodeId]);
  await nodes.write.requestUnstake([nodeId, stake], { account: owner });
}

/** The node says that it lives until `untilEpoch`, and takes seats of `leastCap` or more. */
export async function setPresence(
  { nodes }: Network,
  nodeId: number,
  untilEpoch: number,
  leastCap = 0,
): Promise<void> {
  const { owner } = await nodes.read.nodeOf([nodeId]);
  await nodes.write.setPresence([nodeId, untilEpoch, leastCap], { account: owner });
}

/** The node lives, and takes no new seats. */
export const setFull = async (t: Network, nodeId: number): Promise<void> =>
  setPresence(t, nodeId, (await currentEpoch(t)) + 30, FULL);

/** The project's owner hands it to `to`, who accepts, and whose deploys shall find it at `domains`. */
export async function handOver(
  { projects }: Network,
  projectId: bigint,
  from: Wallet,
  to: Wallet,
  domains: readonly string[] = [],
): Promise<void> {
  await projects.write.transferOwnership([projectId, to.account.address], { account: from.account });
  await projects.write.acceptOwnership([projectId, domains], { account: to.account });
}

/** Gives a project credit, from the stranger's purse. */
export async function fund(t: Network, projectId: bigint, amount: bigint): Promise<void> {
  await fundWallet(t, t.stranger, amount);
  await t.escrow.write.deposit([projectId, amount], { account: t.stranger.account });
}

/** Makes a call as the admin, with the delay of parameters; returns the transaction that made it. */
export async function callAsAdmin(
  { accessManager, admin, parameters }: Network,
  target: Hex,
  call: Parameters<typeof encodeFunctionData>[0],
): Promise<Hex> {
  const data = encodeFunctionData(call);
  await accessManager.write.schedule([target, data, 0], { account: admin.account });
  await networkHelpers.time.increase(parameters.parameterDelaySeconds);
  return accessManager.write.execute([target, data], { account: admin.account });
}

/**
 * A project's slot, `index` 0 to 3: the only mapping by project id whose values begin with the owner is that of the
 * projects.
 */
export async function projectSlot({ projects }: Network, projectId: bigint, index: number): Promise<bigint> {
  const owner = BigInt(await projects.read.ownerOf([projectId]));
  const words = [{ type: "uint64" }, { type: "uint256" }] as const;
  for (let mapping = 0n; mapping < 16n; mapping++) {
    const slot = BigInt(keccak256(encodeAbiParameters(words, [projectId, mapping])));
    const word = BigInt(await networkHelpers.getStorageAt(projects.address, slot));
    if ((word & (2n ** 160n - 1n)) === owner) return slot + BigInt(index);
  }
  return assert.fail(`no slot begins with the owner of project ${projectId}`);
}

/** How many words of past terms the registry keeps of a project. */
export async function pastTermsOf(t: Network, projectId: bigint): Promise<number> {
  const slot = await projectSlot(t, projectId, 2);
  const word = BigInt(await networkHelpers.getStorageAt(t.projects.address, slot));
  return Number((word >> 160n) & 0xffffffn);
}

/** The guardian pauses the registry; returns when that ends. */
export async function pauseProjects({ projects, guardian }: Network): Promise<number> {
  await projects.write.pause({ account: guardian.account });
  return projects.read.pausedUntil();
}

/** Asserts that a call is refused with this error and these values. */
export const { revertWithCustomErrorWithArgs: refused } = assertions;

/** The address of a wallet as the contracts' answers are written: with its checksum. */
export const addressOf = ({ account }: Wallet): Address => getAddress(account.address);

/** The options of a call made by `wallet`. */
export const by = (wallet: Wallet) => ({ account: addressOf(wallet) });
