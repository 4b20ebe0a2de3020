import { type Address, zeroAddress } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import type { Region } from "../../protocol/regions.ts";
import { regionsOf } from "../../protocol/regionsOf.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

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

export interface ProjectOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * A project as it stands.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function projectOf(
  client: NetworkClient,
  { projectId, at }: ProjectOfParameters,
): Promise<Project> {
  const { splitVersion, splitBps, regionMask, ...project } = await readView(
    client,
    { ...projectRegistry(client), functionName: "projectOf", args: [projectId] },
    { at },
  );
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
}
