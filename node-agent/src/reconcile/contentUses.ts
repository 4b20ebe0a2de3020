import type { ChainProject } from "../chain/view/chainProject.ts";
import type { ContentUse } from "../content/retention.ts";

/** What projects of this node want of a content, as far as they name it. */
export function contentUses(
  cid: string,
  projects: readonly ChainProject[],
  serves: (project: ChainProject) => boolean,
): ContentUse[] {
  return projects.flatMap((project) => {
    const { projectId, versions, active, split } = project;
    const naming = versions.filter((version) => version.cid === cid).map(({ version }) => version);
    const version = naming.at(-1);
    if (version === undefined) return [];
    return [
      {
        projectId,
        version,
        isServed: serves(project),
        isRouted: naming.some((one) => one === active || one === split?.version),
        newer: versions.filter((one) => one.version > version).length,
      },
    ];
  });
}
