import type { NetworkClient } from "@worker3/sdk";
import type { ReadTxt } from "../../../sdk/src/node/readTxt.ts";
import { resolveDomain } from "../../../sdk/src/queries/resolveDomain.ts";
import type { ProjectRef } from "./projectRef.ts";

export interface FindProjectParameters {
  readonly project: ProjectRef;
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
  { project, readTxt, signal }: FindProjectParameters,
): Promise<bigint> {
  if ("projectId" in project) return project.projectId;
  return (await resolveDomain(client, { domain: project.domain, readTxt, signal })).projectId;
}
