import {
  type NetworkClient,
  proofName,
  proofText,
  resolveDomain,
  Worker3Error,
  zoneLabel,
} from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";

/** A project's domain as the command prints it. */
export interface DomainDocument {
  readonly domain: string;
  readonly kind: "zone" | "custom";
  /** Whether a node that is asked for it serves this project. */
  readonly routed: boolean;
  /** What its DNS has to say, in the form of a zone file; none for a name of the zone. */
  readonly records: readonly string[];
}

export interface DomainDocumentParameters {
  readonly projectId: bigint;
  readonly domain: string;
  /** A name of the zone that the project has, where others may point. */
  readonly target: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks chain and DNS whether a domain leads to the project. A DNS that cannot be asked: it does not. */
export async function domainDocument(
  client: NetworkClient,
  { projectId, domain, target, signal }: DomainDocumentParameters,
): Promise<DomainDocument> {
  const { network } = client;
  const custom = zoneLabel(domain, network.zone) === undefined;
  let routed = false;
  try {
    routed = (await resolveDomain(client, { domain, readTxt, signal })).projectId === projectId;
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
  }
  const proof = `${proofName(domain)}. TXT "${proofText(network, projectId)}"`;
  const pointer = `${domain}. CNAME ${target ?? `<a name of ${network.zone}>`}.`;
  return { domain, kind: custom ? "custom" : "zone", routed, records: custom ? [proof, pointer] : [] };
}
