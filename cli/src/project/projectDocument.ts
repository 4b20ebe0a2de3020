import type { projects, Times } from "@worker3/sdk";
import { creditDocument, creditText } from "../chain/creditDocument.ts";
import { usd } from "../text/usd.ts";

/** A project as it stands on chain, as the command prints it; null where the chain has nothing. */
export function projectDocument(summary: projects.ProjectSummary, times: Times): object {
  const { project, epoch } = summary;
  const { pendingOwner = null, meter = null, split = null, closedFrom = null, ...rest } = project;
  const { projectId: _, ...credit } = creditDocument(summary, times);
  return { ...rest, pendingOwner, meter, split, closedFrom, epoch, credit };
}

/** The same for a person. */
export function projectText(summary: projects.ProjectSummary, times: Times): string {
  const { project, epoch } = summary;
  const { projectId, owner, pendingOwner, meter, versions, active, split, closedFrom, nodeIds } = project;
  const later = project.fromEpoch > epoch ? `, from epoch ${project.fromEpoch} on` : "";
  return [
    `Project ${projectId}${closedFrom === undefined ? "" : `, closed from epoch ${closedFrom} on`}`,
    `owner      ${owner}`,
    ...(pendingOwner === undefined ? [] : [`offered to ${pendingOwner}`]),
    ...(meter === undefined ? [] : [`meter      ${meter}`]),
    `serves     ${active === 0 ? "no version yet" : `version ${active} of ${versions}`}`,
    ...(split === undefined ? [] : [`split      version ${split.version} to ${split.bps / 100} %`]),
    `replicas   ${nodeIds.map((id) => (id === 0 ? "empty" : id)).join(", ") || "none"}${later}`,
    `cap        ${usd(project.cap)} for a replica and epoch${later}`,
    creditText(creditDocument(summary, times)),
  ].join("\n");
}
