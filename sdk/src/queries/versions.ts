import { type Address, getAbiItem, type Hash, numberToHex, parseEventLogs, toEventSelector } from "viem";
import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import { contractError } from "../errors/contractError.ts";
import { FactError } from "../events/FactError.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { inChainOrder, type MinedLog, readEvents, readLogs, streamEvents } from "./logs.ts";
import { mapInWindows } from "./mapInWindows.ts";

/** A version as the chain's logs tell it. */
export interface VersionFact {
  readonly version: number;
  readonly cid: string;
  /** Whether it was active at any time, from its own transaction on or by a later one. */
  readonly wasActive: boolean;
  /** Who added it with the right `propose` alone; undefined where an owner or a deployer did. */
  readonly proposedBy: Address | undefined;
  readonly blockNumber: bigint;
  readonly txHash: Hash;
}

/** A version with what its block and transaction add. */
export interface DeployedVersion extends VersionFact {
  readonly deployedAt: Date;
  /** Who sent the transaction: the owner, a delegate, or whoever signs for a contract wallet. */
  readonly by: Address;
}

export interface ProjectQuestion {
  readonly projectId: bigint;
  readonly signal?: AbortSignal | undefined;
}

/** What tells of a project's versions; each has the project's id in its first argument. */
const VERSION_EVENTS = ["VersionAdded", "Proposed", "Activated"] as const;

/**
 * A project's versions, oldest first.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readVersions(
  client: NetworkClient,
  { projectId, signal }: ProjectQuestion,
): Promise<VersionFact[]> {
  // All events in one question: a chain's history is long.
  const selectors = VERSION_EVENTS.map((name) =>
    toEventSelector(getAbiItem({ abi: projectRegistryAbi, name })),
  );
  const logs = await readLogs(client, {
    address: client.network.contracts.projectRegistry,
    topics: [selectors, numberToHex(projectId, { size: 32 })],
    signal,
  });
  const versions = new Map<number, VersionFact>();
  const change = (version: number, what: Partial<VersionFact>): void => {
    const known = versions.get(version);
    if (known !== undefined) versions.set(version, { ...known, ...what });
  };
  for (const log of logs) {
    const { eventName, args } = parseVersionEvent(log);
    switch (eventName) {
      case "VersionAdded": {
        const { version, cid, live } = args;
        const { blockNumber, transactionHash: txHash } = log;
        versions.set(version, { version, cid, wasActive: live, proposedBy: undefined, blockNumber, txHash });
        break;
      }
      case "Proposed":
        change(args.version, { proposedBy: args.by });
        break;
      case "Activated":
        change(args.version, { wasActive: true });
    }
  }
  return [...versions.values()];
}

function parseVersionEvent(log: MinedLog) {
  const [event] = parseEventLogs({
    abi: projectRegistryAbi,
    logs: [log],
    eventName: [...VERSION_EVENTS],
    strict: true,
  });
  if (event !== undefined) return event;
  throw new FactError({
    code: "UNREADABLE_LOG",
    message: "The RPC answered with a log that tells of no version.",
    value: `block ${log.blockNumber}, log ${log.logIndex}, address ${log.address}`,
    next: "name another RPC: --rpc, or in the network file",
  });
}

/**
 * Adds when each version was deployed and by whom: two requests a version.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readDeployments(
  { publicClient }: NetworkClient,
  {
    versions,
    signal,
  }: { readonly versions: readonly VersionFact[]; readonly signal?: AbortSignal | undefined },
): Promise<DeployedVersion[]> {
  try {
    return await mapInWindows(versions, async (version) => {
      signal?.throwIfAborted();
      const [{ timestamp }, { from }] = await Promise.all([
        publicClient.getBlock({ blockNumber: version.blockNumber }),
        publicClient.getTransaction({ hash: version.txHash }),
      ]);
      return { ...version, deployedAt: new Date(Number(timestamp) * 1000), by: from };
    });
  } catch (cause) {
    throw contractError(cause);
  }
}

/**
 * The version that was served before the active one; undefined where there was none. Going back twice goes back by two: what was
 * gone back from does not count any more.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readVersionBefore(
  client: NetworkClient,
  { projectId, signal }: ProjectQuestion,
): Promise<number | undefined> {
  const question = {
    address: client.network.contracts.projectRegistry,
    abi: projectRegistryAbi,
    args: { projectId },
    signal,
  } as const;
  const [added, activated] = await Promise.all([
    readEvents(client, { ...question, eventName: "VersionAdded" }),
    readEvents(client, { ...question, eventName: "Activated" }),
  ]);
  const changes = [...added.filter(({ args }) => args.live), ...activated].sort(inChainOrder);
  return versionBefore(changes.map(({ args }) => args.version));
}

/**
 * What is below the last of the versions that became active, one after the other. One that comes again is gone back to, and with it
 * goes what came after it: `[1, 2, 3, 2]` gives 1, `[1, 2, 3, 2, 4]` gives 2.
 */
export function versionBefore(activated: readonly number[]): number | undefined {
  const standing: number[] = [];
  for (const version of activated) {
    const index = standing.indexOf(version);
    if (index < 0) standing.push(version);
    else standing.length = index + 1;
  }
  return standing.at(-2);
}

/**
 * The projects that have a version with this CID, in the order in which they got it. Reads all versions of the network: a
 * CID is not indexed.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readProjectsNaming(
  client: NetworkClient,
  { cid, signal }: { readonly cid: string; readonly signal?: AbortSignal | undefined },
): Promise<bigint[]> {
  const found = new Set<bigint>();
  const pieces = streamEvents(client, {
    address: client.network.contracts.projectRegistry,
    abi: projectRegistryAbi,
    eventName: "VersionAdded",
    signal,
  });
  for await (const logs of pieces) {
    for (const { args } of logs) if (args.cid === cid) found.add(args.projectId);
  }
  return [...found];
}
