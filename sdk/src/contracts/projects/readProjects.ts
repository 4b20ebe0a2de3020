import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { readEach } from "../readEach.ts";
import type { ReadOptions } from "../readView.ts";
import { type Project, projectOf } from "./projectOf.ts";

export interface ReadProjectsParameters extends ReadOptions {
  readonly projectIds: readonly bigint[];
}

/**
 * Many projects in few round trips, in the order of their ids; undefined for one that does not exist.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function readProjects(
  client: NetworkClient,
  { projectIds, at }: ReadProjectsParameters,
): Promise<(Project | undefined)[]> {
  return readEach(projectIds, "UNKNOWN_PROJECT", (projectId) => projectOf(client, { projectId, at }));
}
