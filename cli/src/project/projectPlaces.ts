import { isRouted, lens, type NetworkClient, nodes, readDomains, urlsOf } from "@worker3/sdk";

/** Where a project is found, and what is found there: what the chain has beside the project itself. */
export interface ProjectPlaces {
  readonly domains: readonly string[];
  /** The domains that nodes serve, at the replicas' addresses; this says nothing of DNS. */
  readonly urls: readonly string[];
  /** Of the active version; null while there is none. */
  readonly cid: string | null;
  /** Of the version that some visitors get instead. */
  readonly splitCid: string | null;
  /** Those in its seats, in their order. */
  readonly nodes: readonly {
    readonly nodeId: number;
    readonly region: string;
    readonly endpoint: string;
  }[];
}

/** @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly. */
export async function projectPlaces(
  client: NetworkClient,
  { project, signal }: { readonly project: lens.Project; readonly signal: AbortSignal },
): Promise<ProjectPlaces> {
  const { projectId, active, split } = project;
  const cidOf = async (version: number | undefined): Promise<string | null> =>
    version === undefined || version === 0
      ? null
      : (await lens.versionOf(client, { projectId, version })).cid;
  const [domains, cid, splitCid, seated] = await Promise.all([
    readDomains(client, { projectId, signal }),
    cidOf(active),
    cidOf(split?.version),
    Promise.all(
      project.nodeIds.filter((nodeId) => nodeId !== 0).map((nodeId) => nodes.nodeOf(client, { nodeId })),
    ),
  ]);
  const places = seated.map(({ nodeId, region, endpoint }) => ({ nodeId, region, endpoint }));
  const routed = domains.filter((domain) => isRouted(client.network, domain));
  const urls = routed.flatMap((domain) => urlsOf(domain, places));
  return { domains, urls: [...new Set(urls)], cid, splitCid, nodes: places };
}

/** The same for a person, a line each. */
export function placesText({ domains, urls, cid, splitCid, nodes: seated }: ProjectPlaces): string[] {
  return [
    `domains    ${domains.join(", ") || "none"}`,
    ...urls.map((url) => `           ${url}`),
    ...(cid === null ? [] : [`content    ${cid}`]),
    ...(splitCid === null ? [] : [`split to   ${splitCid}`]),
    ...seated.map(({ nodeId, region, endpoint }) => `node ${String(nodeId).padEnd(6)}${region}  ${endpoint}`),
  ];
}
