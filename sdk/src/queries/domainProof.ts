import * as lens from "../contracts/lens/index.ts";
import type { ReadOptions } from "../contracts/read.ts";
import { untilAborted } from "../contracts/untilAborted.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { Network } from "../network/network.ts";
import { zoneLabel } from "../protocol/zoneLabel.ts";
import { readClaimants } from "./domains.ts";
import { QueryError } from "./QueryError.ts";

/** Asks the DNS for the texts of a name, each record's strings joined (RFC 7208, 3.3); none where there is no such name. */
export type ReadTxt = (name: string, signal?: AbortSignal) => Promise<readonly string[]>;

/**
 * Whether nodes send visitors of a domain to the project that claimed it. Those of today know names of the zone alone: under a domain
 * outside of it they answer 404, whatever its DNS says.
 */
export function isRouted({ zone }: Pick<Network, "zone">, domain: string): boolean {
  return zoneLabel(domain, zone) !== undefined;
}

/** The name whose TXT record proves a domain outside the zone. */
export function proofName(domain: string): string {
  return `_worker3.${domain}`;
}

/** What the record says. */
export function proofText(
  { chainId, contracts }: Pick<Network, "chainId" | "contracts">,
  projectId: bigint,
): string {
  return `worker3=${chainId}:${contracts.projectRegistry}:${projectId}`;
}

/**
 * The projects that TXT records name on this network, each once. Records of other networks and other programs are
 * passed over.
 */
export function proofOf(network: Pick<Network, "chainId" | "contracts">, texts: readonly string[]): bigint[] {
  const registry = network.contracts.projectRegistry.toLowerCase();
  const found = texts.flatMap((text) => {
    const [, chainId, address, projectId] =
      /^worker3=(\d+):(0x[0-9a-fA-F]{40}):(\d{1,20})$/.exec(text.trim()) ?? [];
    const ours = chainId === String(network.chainId) && address?.toLowerCase() === registry;
    return ours && projectId !== undefined ? [BigInt(projectId)] : [];
  });
  return [...new Set(found)];
}

export interface ResolveDomainParameters extends ReadOptions {
  readonly domain: string;
  /** Asked for domains outside the zone; `@worker3/sdk/node` has one. */
  readonly readTxt: ReadTxt;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What is served at a domain, and where. For a domain outside the zone its DNS names the project, and the chain says
 * whether that project claimed it.
 *
 * @throws {QueryError} `DOMAIN_UNPROVEN`, `DOMAIN_AMBIGUOUS`; what `readTxt` throws; what the lens refuses with:
 *   `NAME_IS_FREE`, `DOMAIN_NOT_CLAIMED`, ...
 */
export async function resolveDomain(
  client: NetworkClient,
  { domain, readTxt, signal, at }: ResolveDomainParameters,
): Promise<lens.Resolved> {
  const { network } = client;
  if (zoneLabel(domain, network.zone) !== undefined) return lens.resolve(client, { domain, at });

  const name = proofName(domain);
  const [projectId, ...others] = proofOf(network, await readTxt(name, signal));
  if (projectId === undefined) throw await unproven(client, domain, signal);
  if (others.length > 0) {
    throw new QueryError({
      code: "DOMAIN_AMBIGUOUS",
      message: `The DNS of ${domain} names several projects: ${[projectId, ...others].join(", ")}.`,
      value: domain,
      next: `leave one TXT record at ${name}`,
    });
  }
  return lens.resolveAt(client, { domain, projectId, at });
}

/** How long the chain is asked who means to prove a domain, only to say it. */
const CLAIMANTS_MS = 5_000;

async function unproven(
  client: NetworkClient,
  domain: string,
  signal: AbortSignal | undefined,
): Promise<QueryError> {
  const record = (projectId: bigint): string =>
    `${proofName(domain)} TXT "${proofText(client.network, projectId)}"`;
  const claimants = await claimantsInTime(client, domain, signal);
  const [first, ...others] = claimants ?? [];
  const byId = "name the project by its id";
  return new QueryError({
    code: "DOMAIN_UNPROVEN",
    message:
      claimants?.length === 0
        ? `No project claims ${domain}, and its DNS names none of this network.`
        : `The DNS of ${domain} names no project of this network.`,
    value: domain,
    next:
      claimants === undefined
        ? byId
        : first === undefined
          ? `${byId}, or deploy to the domain: worker3 deploy <dir> --domain ${domain}`
          : others.length === 0
            ? `${byId}, ${first}; or add a record: ${record(first)}`
            : `${byId}: ${claimants.join(", ")} claim it; or add the record of one: ${claimants.map(record).join(", or ")}`,
  });
}

/** Undefined where the chain does not tell in time. */
async function claimantsInTime(
  client: NetworkClient,
  domain: string,
  signal: AbortSignal | undefined,
): Promise<bigint[] | undefined> {
  const late = AbortSignal.timeout(CLAIMANTS_MS);
  try {
    const asked = readClaimants(client, {
      domain,
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    return await untilAborted(asked, late);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Worker3Error || late.aborted) return undefined;
    throw error;
  }
}
