import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

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

export interface ResolveParameters extends ReadOptions {
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
export async function resolve(client: NetworkClient, parameters: ResolveParameters): Promise<Resolved> {
  const { domain, projectId: claimed, at } = parameters;
  const call = { ...projectRegistry(client), functionName: "resolve" } as const;
  const [projectId, owner, version, cid, nodeIds, endpoints] =
    claimed === undefined
      ? await readView(client, { ...call, args: [domain] }, { at })
      : await readView(client, { ...call, args: [domain, claimed] }, { at });
  const replicas = nodeIds
    .map((nodeId, seat) => ({ nodeId, seat, endpoint: endpoints[seat] ?? "" }))
    .filter(({ nodeId }) => nodeId !== 0);
  return { projectId, owner, version, cid: cid === "" ? undefined : cid, replicas };
}
