import { type Address, zeroAddress } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { regionsOf } from "../../protocol/regionsOf.ts";
import { defineView, defineWrite } from "../define.ts";
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
  /** Where `refill` draws from. */
  readonly regions: readonly Region[];
  /** Whether `refill` leaves seat 0 alone. */
  readonly pinHome: boolean;
}

/**
 * A project as it stands.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const projectOf = /* @__PURE__ */ defineView({
  contract: projectRegistry,
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

/**
 * How many projects were ever created: ids are 1 to this.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const projectCount = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "projectCount",
});

/** Nodes named by hand, the first is the home; or a number of nodes to draw from some regions. */
export type NewProject = {
  /** `name.zone`, or a domain of your own. */
  readonly domain: string;
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
} & (
  | { readonly nodeIds: readonly number[]; readonly count?: undefined; readonly regions?: undefined }
  | { readonly nodeIds?: undefined; readonly count: number; readonly regions: readonly Region[] }
);

export interface ProjectCreated {
  readonly projectId: bigint;
  /** In the order of the seats; fewer than asked for where fewer take projects. */
  readonly nodeIds: readonly number[];
}

/**
 * Creates a project without a version.
 *
 * @throws `NAME_TAKEN`, `CAP_OUT_OF_BOUNDS`, `SEAT_COUNT`, `SEAT_TWICE`, `UNKNOWN_NODE`, `NODE_RETIRED`, `NO_NODES`, or
 *   what every write throws, see `sendCall`.
 */
export const createProject = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "createProject",
  args: ({ domain, cap, nodeIds, count, regions }: NewProject) =>
    nodeIds === undefined
      ? [domain, count, regionMask(regions), Number(cap)]
      : [domain, nodeIds, Number(cap)],
  result(events): ProjectCreated {
    const { projectId, nodeIds } = events.last("TermsSet");
    return { projectId, nodeIds };
  },
});

export interface Closed {
  /** The first epoch in which it has no seats. */
  readonly closedFrom: number;
}

/**
 * Closes a project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs, its credit
 * leaves by its thaw. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `PROJECT_CLOSED`, or what every write throws, see `sendCall`.
 */
export const close = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "close",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
  result: (events): Closed => ({ closedFrom: events.last("Closed").closedFrom }),
});
