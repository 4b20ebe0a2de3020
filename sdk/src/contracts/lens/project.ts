import { type Address, type Hash, zeroAddress } from "viem";
import { lens } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Region } from "../../protocol/regions.ts";
import { regionsOf } from "../../protocol/regionsOf.ts";
import { defineView } from "../define.ts";
import { type ReadOptions, readEach } from "../read.ts";

/** A project as it stands. */
export interface Project {
  readonly projectId: bigint;
  /** Decides everything; may withdraw the credit. */
  readonly owner: Address;
  /** May accept the project; undefined when nobody may. */
  readonly pendingOwner: Address | undefined;
  /** A key whose signature releases receipts early; undefined for none. */
  readonly meter: Address | undefined;
  /** How many there are: versions are 1 to this. */
  readonly versions: number;
  /** The version that is served; 0 before the first is live. */
  readonly active: number;
  /** A second version that is served to `bps` of 10000 visitors; undefined for none. */
  readonly split: { readonly version: number; readonly bps: number } | undefined;
  /** How many domains it has claimed. */
  readonly domains: number;
  /** The first epoch in which it has no seats any more; undefined while it is open. */
  readonly closedFrom: number | undefined;
  /** The nodes in the order of their seats, by the newest terms; 0 is an empty seat. */
  readonly nodeIds: readonly number[];
  /** What one seat may charge in one epoch, by the newest terms, in base units. */
  readonly cap: bigint;
  /** The first epoch judged by the newest terms. */
  readonly fromEpoch: number;
  /** How many seats `refill` fills up to. */
  readonly seats: number;
  /** Where `refill` draws from; nowhere when there is none. */
  readonly regions: readonly Region[];
  /** Whether `refill` leaves seat 0 alone. */
  readonly pinHome: boolean;
  /** Whether the owner set the rule of `refill` since the seats were last drawn; naming nodes by hand then keeps it. */
  readonly refillIsChosen: boolean;
}

/**
 * A project as it stands.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const projectOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "projectOf",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
  result({ splitVersion, splitBps, regionMask, ...project }, { projectId }): Project {
    return {
      ...project,
      projectId,
      pendingOwner: project.pendingOwner === zeroAddress ? undefined : project.pendingOwner,
      meter: project.meter === zeroAddress ? undefined : project.meter,
      split: splitBps === 0 ? undefined : { version: splitVersion, bps: splitBps },
      closedFrom: project.closedFrom === 0 ? undefined : project.closedFrom,
      cap: BigInt(project.cap),
      regions: regionsOf(regionMask),
    };
  },
});

/**
 * Many projects in few round trips, in the order of their ids; undefined for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function readProjects(
  client: NetworkClient,
  { projectIds, at }: { readonly projectIds: readonly bigint[] } & ReadOptions,
): Promise<(Project | undefined)[]> {
  const inputs = projectIds.map((projectId) => ({ projectId, at }));
  return readEach(client, projectOf, { inputs, absent: "UNKNOWN_PROJECT" });
}

export interface VersionContent {
  /** The sha2-256 digest in the CID. */
  readonly digest: Hash;
  readonly cid: string;
}

/**
 * The content of a version.
 *
 * @throws `UNKNOWN_PROJECT`, `UNKNOWN_VERSION`, or that the chain cannot be asked.
 */
export const versionOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "versionOf",
  args: ({ projectId, version }: { readonly projectId: bigint; readonly version: number }) => [
    projectId,
    version,
  ],
  result: ([digest, cid]): VersionContent => ({ digest, cid }),
});

/**
 * The EIP-1577 contenthash of a project's active version: what an ENS resolver takes.
 *
 * @throws `UNKNOWN_PROJECT`, `UNKNOWN_VERSION` before the first is live, or that the chain cannot be asked.
 */
export const contenthashOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "contenthashOf",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
});
