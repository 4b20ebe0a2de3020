import assert from "node:assert/strict";
import { type Address, encodeFunctionData, getAddress, type Hex, parseEventLogs } from "viem";
import { deployNetwork, networkHelpers } from "./network.ts";
import {
  assertions,
  createProject,
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
export const DOMAIN = zoneName("project-1");
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

/** The project's owner hands it to `to`, who accepts. */
export async function handOver(
  { projects }: Network,
  projectId: bigint,
  from: Wallet,
  to: Wallet,
): Promise<void> {
  await projects.write.transferOwnership([projectId, to.account.address], { account: from.account });
  await projects.write.acceptOwnership([projectId, []], { account: to.account });
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
