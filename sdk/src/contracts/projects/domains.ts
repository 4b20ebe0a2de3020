import type { Address } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

export interface Claim {
  readonly projectId: bigint;
  readonly domain: string;
}

/**
 * Claims a domain for a project; at most 32. For a domain outside the zone it also makes `deploy` of the caller
 * find this project. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `NAME_TAKEN`, `NAME_RESTING`, `NAME_RESERVED`, `TOO_MANY_DOMAINS`, or what every
 *   write throws, see `sendCall`.
 */
export const claimDomain = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "claimDomain",
  args: ({ projectId, domain }: Claim) => [projectId, domain],
});

/**
 * Gives a domain up. A name of the zone is free to others after 30 epochs, to its last owner at once. For the
 * owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `DOMAIN_NOT_CLAIMED`, or what every write throws, see `sendCall`.
 */
export const releaseDomain = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "releaseDomain",
  args: ({ projectId, domain }: Claim) => [projectId, domain],
});

/**
 * Which project a `deploy` of an account to a domain goes to; undefined: it would create one, or the name rests.
 *
 * @throws `NAME_TAKEN`, `DOMAIN_CHARACTER`, `ZONE_DEPTH`, `NAME_RESERVED`, or that the chain cannot be asked.
 */
export const projectAt = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "projectAt",
  args: ({ domain, who }: { readonly domain: string; readonly who: Address }) => [domain, who],
  result: (projectId) => (projectId === 0n ? undefined : projectId),
});

/** What is served at a domain, and where. */
export interface Resolved {
  readonly projectId: bigint;
  readonly owner: Address;
  /** The active version; 0 before the first. */
  readonly version: number;
  /** What it names; undefined before the first. */
  readonly cid: string | undefined;
  /** The replicas in the order of their seats, without empty ones; the first holds the home unless seat 0 is empty. */
  readonly replicas: readonly { readonly nodeId: number; readonly seat: number; readonly endpoint: string }[];
}

export interface DomainQuestion {
  readonly domain: string;
  /** For a domain outside the zone: the project that its DNS names (`TXT _worker3.<domain>`). */
  readonly projectId?: bigint | undefined;
}

/**
 * What is served at a domain. A name of the zone needs no more; for another domain the contract says only whether the
 * project claimed it, and its DNS says whether that is true.
 *
 * @throws `NAME_FREE`, `PROVE_BY_TXT` for a domain outside the zone without a project, `DOMAIN_NOT_CLAIMED`, or that
 *   the chain cannot be asked.
 */
export const resolve = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "resolve",
  args: ({ domain, projectId }: DomainQuestion) => (projectId === undefined ? [domain] : [domain, projectId]),
  result: ([projectId, owner, version, cid, nodeIds, endpoints]): Resolved => ({
    projectId,
    owner,
    version,
    cid: cid === "" ? undefined : cid,
    replicas: nodeIds
      .map((nodeId, seat) => ({ nodeId, seat, endpoint: endpoints[seat] ?? "" }))
      .filter(({ nodeId }) => nodeId !== 0),
  }),
});

/**
 * The network's own domain.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const zone = /* @__PURE__ */ defineView({ contract: projectRegistry, functionName: "zone" });
