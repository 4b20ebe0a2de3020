import { isRouted, type NetworkClient, names, type ReadTxt, resolveDomain } from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";
import type { CommandContext } from "../context/CommandContext.ts";
import type { ProjectRef } from "./projectRef.ts";

export interface FindProjectParameters {
  readonly project: ProjectRef;
  readonly context: Pick<CommandContext, "signal" | "knownAddress">;
  /** Absent: the resolver of this machine. */
  readonly readTxt?: ReadTxt | undefined;
}

/**
 * The id of the project that a person named. An id is taken as it is: whether there is such a project, the next question
 * to the chain tells. A domain outside of the zone, which several projects may claim, is that of the project under which the caller
 * claimed it; of others its DNS tells whose it is.
 *
 * @throws as `resolveDomain` does, for a domain.
 */
export async function findProject(
  client: NetworkClient,
  { project, context, readTxt: read = readTxt }: FindProjectParameters,
): Promise<bigint> {
  if ("projectId" in project) return project.projectId;
  const { domain } = project;
  if (!isRouted(client.network, domain)) {
    const who = await context.knownAddress();
    const own = who === undefined ? undefined : await names.projectAt(client, { domain, who });
    if (own !== undefined) return own;
  }
  return (await resolveDomain(client, { domain, readTxt: read, signal: context.signal })).projectId;
}
