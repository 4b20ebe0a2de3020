import { createHash } from "node:crypto";
import { networkOf } from "../networkOf.ts";
import type { RouteTarget, VersionTarget } from "../Route.ts";
import type { Visitor } from "../Visitor.ts";

/** What a split goes by. */
export interface SideWanted extends Pick<Visitor, "address"> {
  /** The request header `worker3-version`. */
  readonly wantedVersion: string | undefined;
}

type Split = Extract<RouteTarget, { kind: "split" }>;

const BPS = 10_000;

/**
 * The side of a split that a visitor gets: by the address, so that nothing is added to a tenant's responses, and every
 * process and node chooses alike. The share is no part of what is hashed: who gets the canary keeps it when it grows.
 * `worker3-version` names a side instead, for those who test; it opens nothing, as both are public.
 */
export function chooseSide(projectId: string, split: Split, visitor: SideWanted): VersionTarget {
  const { active, canary, bps } = split;
  for (const side of [active, canary]) if (visitor.wantedVersion === String(side.version)) return side;
  const place = createHash("sha256")
    .update(`${projectId} ${canary.version} ${networkOf(visitor.address)}`)
    .digest()
    .readUInt32BE();
  return place % BPS < bps ? canary : active;
}
