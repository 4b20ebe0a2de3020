import { lens, type NetworkClient, type Replica, replicasOf } from "@worker3/sdk";
import { CliError } from "../errors.ts";
import { type FindProjectParameters, findProject } from "./findProject.ts";
import type { ProjectRef } from "./projectRef.ts";

/** What a project serves, and from where. */
export interface ProjectContent {
  readonly project: lens.Project;
  readonly version: number;
  readonly cid: string;
  /** In the order of the seats, without empty ones. */
  readonly replicas: readonly Replica[];
}

/**
 * A version of a project, and the nodes that have to have it.
 *
 * @param version Absent: the active one.
 * @throws {CliError} `NO_VERSION`; what `findProject` and the chain's views throw.
 */
export async function projectContent(
  client: NetworkClient,
  parameters: {
    readonly project: ProjectRef;
    readonly version?: number | undefined;
    readonly context: FindProjectParameters["context"];
  },
): Promise<ProjectContent> {
  const { project: ref, context } = parameters;
  const projectId = await findProject(client, { project: ref, context });
  const project = await lens.projectOf(client, { projectId });
  const version = parameters.version ?? project.active;
  if (version === 0) {
    throw new CliError({
      code: "NO_VERSION",
      message: `Project ${projectId} has no live version.`,
      value: String(projectId),
      next: `see worker3 versions ${projectId}`,
    });
  }
  const [{ cid }, replicas] = await Promise.all([
    lens.versionOf(client, { projectId, version }),
    replicasOf(client, project.nodeIds),
  ]);
  return { project, version, cid, replicas };
}
