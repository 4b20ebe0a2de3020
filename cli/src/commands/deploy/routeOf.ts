import { isRouted, type NetworkClient, projects, readDomains } from "@worker3/sdk";
import { recordsOf } from "../../project/domainDocument.ts";

/** Where visitors find a deployment. */
export interface Route {
  /** Whether nodes serve it at the domain that it was deployed to. */
  readonly routed: boolean;
  /** The domains at which they do. */
  readonly served: readonly string[];
  /** What the DNS of the domain has to say; none for a name of the zone. Of a project that is not there yet with the next id. */
  readonly records: readonly string[];
}

/**
 * Where a project is served: at the domain that was deployed to; or where that lies outside of the zone, at the names of the zone that
 * the project has.
 *
 * @param question.projectId Undefined of a project that is not there yet.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function routeOf(
  client: NetworkClient,
  question: {
    readonly domain: string;
    readonly projectId: bigint | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Route> {
  const { domain, projectId, signal } = question;
  const { network } = client;
  if (isRouted(network, domain)) return { routed: true, served: [domain], records: [] };
  if (projectId === undefined) {
    // Its number, unless somebody else makes a project in the meantime.
    const next = BigInt(await projects.projectCount(client)) + 1n;
    return {
      routed: false,
      served: [],
      records: recordsOf(client, { projectId: next, domain, target: undefined }),
    };
  }
  const domains = await readDomains(client, { projectId, signal });
  const served = domains.filter((each) => isRouted(network, each));
  return { routed: false, served, records: recordsOf(client, { projectId, domain, target: served[0] }) };
}
