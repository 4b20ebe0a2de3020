import { isRouted, type NetworkClient, projects, resolveDomain, Worker3Error } from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";
import type { Address } from "viem";

/**
 * The project that a deployment to a domain goes to; undefined where it makes one. A domain outside of the zone may be that of a project
 * whose owner is somebody else, but who deploys its delegate: its DNS says so.
 *
 * @param question.who Undefined: somebody who may deploy to whatever is there.
 * @throws `NAME_TAKEN`, and that the chain cannot be asked.
 */
export async function findTarget(
  client: NetworkClient,
  question: {
    readonly domain: string;
    readonly who: Address | undefined;
    readonly signal: AbortSignal;
  },
): Promise<bigint | undefined> {
  const { domain, who, signal } = question;
  const own = who === undefined ? undefined : await projects.projectAt(client, { domain, who });
  if (own !== undefined || (who !== undefined && isRouted(client.network, domain))) return own;
  let projectId: bigint;
  try {
    ({ projectId } = await resolveDomain(client, { domain, readTxt, signal }));
  } catch (error) {
    if (error instanceof Worker3Error && NOT_THERE.has(error.code)) return undefined;
    throw error;
  }
  const mayDeploy = who === undefined || (await projects.mayDeploy(client, { projectId, who }));
  return mayDeploy ? projectId : undefined;
}

/** What says that no project is there, or that nobody knows. */
const NOT_THERE = new Set([
  "NAME_IS_FREE",
  "DOMAIN_NOT_CLAIMED",
  "DOMAIN_UNPROVEN",
  "DOMAIN_AMBIGUOUS",
  "DNS_FAILED",
]);
