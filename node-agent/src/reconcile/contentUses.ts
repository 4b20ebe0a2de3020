import type { ChainProject } from "../chain/view/chainProject.ts";
import type { ContentUse } from "../content/retention.ts";

/** What projects of this node want of a content, as far as they name it. */
export function contentUses(
  cid: string,
  projects: readonly ChainProject[],
  hasSeat: (project: ChainProject) => boolean,
): ContentUse[] {
  return projects.flatMap((project) => {
    const { projectId, versions, active, activated, split } = project;
    const naming = versions.filter((version) => version.cid === cid).map(({ version }) => version);
    const version = naming.at(-1);
    if (version === undefined) return [];
    const isNaming = (one: number) => naming.includes(one);
    const wasActive = activated.some(isNaming);
    const cidsOf = (numbers: readonly number[]) => {
      const these = new Set(numbers);
      return new Set(versions.filter((one) => these.has(one.version)).map((one) => one.cid));
    };
    const were = cidsOf(activated);
    const newer = wasActive
      ? cidsOf(activated.slice(activated.findLastIndex(isNaming) + 1))
      : new Set(versions.flatMap((one) => (one.version > version && !were.has(one.cid) ? [one.cid] : [])));
    return [
      {
        projectId,
        version,
        isServed: hasSeat(project),
        isRouted: naming.some((one) => one === active || one === split?.version),
        wasActive,
        newer: newer.size,
      },
    ];
  });
}
