import { type NetworkClient, type ReadTxt, resolveDomain } from "@worker3/sdk";
import { readTxt } from "@worker3/sdk/node";
import type { ProjectRef } from "./projectRef.ts";

export interface FindProjectParameters {
  readonly project: ProjectRef;
  /** Absent: the resolver of this machine. */
  readonly readTxt?: ReadTxt | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The id of the project that a person named. An id is taken as it is: whether there is such a project, the next question
 * to the chain tells.
 *
 * @throws as `resolveDomain` does, for a domain.
 */
export async function findProject(
  client: NetworkClient,
  { project, readTxt: read = readTxt, signal }: FindProjectParameters,
): Promise<bigint> {
  if ("projectId" in project) return project.projectId;
  return (await resolveDomain(client, { domain: project.domain, readTxt: read, signal })).projectId;
}
