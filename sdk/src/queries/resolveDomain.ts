import * as projects from "../contracts/projects/index.ts";
import type { ReadOptions } from "../contracts/read.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { type ReadTxt, readTxt } from "../node/readTxt.ts";
import { zoneLabel } from "../protocol/zoneLabel.ts";
import { proofName, proofOf, proofText } from "./proofOf.ts";

export interface ResolveDomainParameters extends ReadOptions {
  readonly domain: string;
  readonly readTxt?: ReadTxt | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What is served at a domain, and where. For a domain outside the zone its DNS names the project, and the chain says
 * whether that project claimed it.
 *
 * @throws {Worker3Error} `DOMAIN_UNPROVEN`, `DOMAIN_AMBIGUOUS`, `DNS_FAILED`; what `projects.resolve` throws: `NAME_FREE`,
 *   `DOMAIN_NOT_CLAIMED`, ...
 */
export async function resolveDomain(
  client: NetworkClient,
  { domain, readTxt: read = readTxt, signal, at }: ResolveDomainParameters,
): Promise<projects.Resolved> {
  const { network } = client;
  if (zoneLabel(domain, network.zone) !== undefined) return projects.resolve(client, { domain, at });

  const name = proofName(domain);
  const [projectId, ...others] = proofOf(network, await read(name, signal));
  if (projectId === undefined) {
    throw new Worker3Error({
      code: "DOMAIN_UNPROVEN",
      message: `The DNS of ${domain} names no project of this network.`,
      value: domain,
      next: `add a record: ${name} TXT "${proofText(network, 1n).replace(/1$/, "<projectId>")}"`,
    });
  }
  if (others.length > 0) {
    throw new Worker3Error({
      code: "DOMAIN_AMBIGUOUS",
      message: `The DNS of ${domain} names several projects: ${[projectId, ...others].join(", ")}.`,
      value: domain,
      next: `leave one TXT record at ${name}`,
    });
  }
  return projects.resolve(client, { domain, projectId, at });
}
