import { isAddressEqual } from "viem";
import { termsAt } from "../chain/view/chainProject.ts";
import type { ChainView } from "../chain/view/createChainView.ts";
import type { FactTable } from "../ledger/factTable.ts";
import type { ApiParts, OwnedProjectsDocument } from "./ApiParts.ts";

export interface OwnedProjectsParts {
  readonly facts: Pick<FactTable, "ownedBy">;
  readonly view: Pick<ChainView, "project">;
  readonly epoch: () => number;
  /** The newest block that is booked. */
  readonly block: () => bigint | undefined;
  /** A steady clock, in milliseconds. */
  readonly nowMs: () => number;
}

/** Of a project's domains so many are told, so that a page has a bound. */
const DOMAINS = 20;
/** A page ends when it took so long: projects of other nodes are read from the ledger, and visitors wait meanwhile. */
const PAGE_MS = 50;

/** A page of an account's projects; it may be shorter than asked for and still have a next one. */
export function ownedProjects(
  { facts, view, epoch, block, nowMs }: OwnedProjectsParts,
  { owner, after, limit }: Parameters<ApiParts["ownedProjects"]>[0],
): OwnedProjectsDocument {
  const beganMs = nowMs();
  // One more than are told says whether there are more.
  const ids = facts.ownedBy(owner, { after, limit: limit + 1 });
  const projects: OwnedProjectsDocument["projects"][number][] = [];
  let last = after;
  for (const projectId of ids.slice(0, limit)) {
    if (projects.length > 0 && nowMs() - beganMs >= PAGE_MS) break;
    last = projectId;
    const project = view.project(projectId);
    if (project.owner === undefined || !isAddressEqual(project.owner, owner)) continue;
    const { active, versions, domains, terms } = project;
    projects.push({
      projectId: String(projectId),
      owner: project.owner,
      domains: domains.slice(0, DOMAINS),
      domainCount: domains.length,
      active,
      cid: versions.find(({ version }) => version === active)?.cid ?? null,
      nodeIds: (termsAt(terms, epoch() + 1)?.nodeIds ?? []).filter((nodeId) => nodeId !== 0),
    });
  }
  return {
    owner,
    block: Number(block() ?? 0n),
    projects,
    next: ids.some((id) => id > last) ? String(last) : null,
  };
}
