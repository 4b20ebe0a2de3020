import type { ChainProject } from "../chain/chainProject.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import type { ProjectState } from "./ProjectState.ts";

/** How a project stands on this node. */
export interface ProjectStatus {
  /** The version that the chain wants; 0 for none. */
  readonly wanted: number;
  /** The version that visitors get; 0 while they get none. */
  readonly active: number;
  /** The versions that could be served at once. */
  readonly ready: readonly number[];
  readonly state: "sleeping" | "starting" | "warm" | "waiting" | "refused" | "gone";
  /** Why it is refused. */
  readonly code: string | undefined;
  readonly rssBytes: number;
}

export function statusOf(
  state: ProjectState,
  project: ChainProject,
  content: Pick<ContentStore, "has">,
): ProjectStatus {
  const { target, version = 0 } = state.route ?? {};
  const code = target?.kind === "refused" ? target.code : undefined;
  return {
    wanted: project.active,
    active: target?.kind === "refused" ? 0 : version,
    ready: project.versions
      .filter(({ cid }) => content.has(cid) && !state.troubles.has(cid))
      .map(({ version }) => version),
    state: nameOf(state),
    code: code ?? state.troubles.get(state.lastWanted?.cid ?? "")?.code,
    rssBytes: state.cells.reduce((sum, { cell }) => sum + (cell?.rssBytes() ?? 0), 0),
  };
}

function nameOf({ route, cells }: ProjectState): ProjectStatus["state"] {
  if (route === undefined) return "gone";
  const { target } = route;
  if (target.kind === "cell") return "warm";
  if (target.kind === "refused") return target.code === "WAITING_FOR_CONTENT" ? "waiting" : "refused";
  return cells.some(({ cell }) => cell === undefined) ? "starting" : "sleeping";
}
