import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
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

/** Of IPv6 the first 64 bits: a machine changes the others as it likes. */
function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (!isIPv6(v4)) return v4;
  const [head = "", tail] = (v4.split("%", 1)[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
