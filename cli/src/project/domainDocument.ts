import {
  isRouted,
  type NetworkClient,
  proofName,
  proofText,
  resolveDomain,
  Worker3Error,
} from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";

/** A project's domain as the command prints it. */
export interface DomainDocument {
  readonly domain: string;
  readonly kind: "zone" | "custom";
  /** Whether a node that is asked for it serves this project. */
  readonly routed: boolean;
  /** Whether it is the project's beyond doubt: by the chain, or for a domain outside the zone by its DNS too. */
  readonly proven: boolean;
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
  const inZone = isRouted(network, domain);
  let proven = false;
  try {
    proven = (await resolveDomain(client, { domain, readTxt, signal })).projectId === projectId;
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
  }
  return {
    domain,
    kind: inZone ? "zone" : "custom",
    routed: inZone && proven,
    proven,
    records: recordsOf(client, { projectId, domain, target }),
  };
}

/** What the DNS of a domain outside the zone has to say: whose it is, and where the project has a name of the zone, where it leads. */
export function recordsOf(
  { network }: Pick<NetworkClient, "network">,
  { projectId, domain, target }: Pick<DomainDocumentParameters, "projectId" | "domain" | "target">,
): string[] {
  if (isRouted(network, domain)) return [];
  const proof = `${proofName(domain)}. TXT "${proofText(network, projectId)}"`;
  return target === undefined ? [proof] : [proof, `${domain}. CNAME ${target}.`];
}

/** What to know of a domain outside the zone before anything is paid for it. */
export function notRoutedText(zone: string, domain: string): string {
  return `${domain} is claimed, not routed: nodes serve names of ${zone} only so far, and answer visitors of it with 404`;
}
