import type { Address } from "viem";
import { lens } from "../../abi/contracts.ts";
import { defineView } from "../define.ts";

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

interface Resolution {
  readonly projectId: bigint;
  readonly owner: Address;
  readonly version: number;
  readonly cid: string;
  readonly nodeIds: readonly number[];
  readonly endpoints: readonly string[];
}

function resolved({ projectId, owner, version, cid, nodeIds, endpoints }: Resolution): Resolved {
  return {
    projectId,
    owner,
    version,
    cid: cid === "" ? undefined : cid,
    replicas: nodeIds
      .map((nodeId, seat) => ({ nodeId, seat, endpoint: endpoints[seat] ?? "" }))
      .filter(({ nodeId }) => nodeId !== 0),
  };
}

/**
 * What is served at a name of the zone.
 *
 * @throws `NAME_IS_FREE`, `PROVE_BY_TXT` for a domain outside the zone, or that the chain cannot be asked.
 */
export const resolve = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "resolve",
  args: ({ domain }: { readonly domain: string }) => [domain],
  result: resolved,
});

/**
 * What a project serves at a domain that it claimed. Of a domain outside the zone its DNS says whether that is true
 * (`TXT _worker3.<domain>`).
 *
 * @throws `DOMAIN_NOT_CLAIMED`, or that the chain cannot be asked.
 */
export const resolveAt = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "resolveAt",
  args: ({ domain, projectId }: { readonly domain: string; readonly projectId: bigint }) => [
    domain,
    projectId,
  ],
  result: resolved,
});

/**
 * The EIP-1577 contenthash of what is served at a name of the zone: what an ENS resolver takes.
 *
 * @throws `NAME_IS_FREE`, `PROVE_BY_TXT` for a domain outside the zone, `UNKNOWN_VERSION` before the first is live, or that
 *   the chain cannot be asked.
 */
export const contenthash = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "contenthash",
  args: ({ domain }: { readonly domain: string }) => [domain],
});
