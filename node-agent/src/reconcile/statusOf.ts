import type { Life } from "../cells/life.ts";
import type { ChainProject } from "../chain/view/chainProject.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import type { ProjectState } from "./ProjectState.ts";

/** How one cell of a project stands. */
export interface CellStatus {
  /** Of its content, the newest version on chain; 0 where none names it yet. */
  readonly version: number;
  readonly state: Life;
  readonly rssBytes: number;
}

/** How a project stands on this node. */
export interface ProjectStatus {
  /** The version that the chain wants; 0 for none. */
  readonly wanted: number;
  /** The version that visitors get; 0 while they get none. */
  readonly active: number;
  /** The version that some visitors get instead, of 10,000 so many. */
  readonly split: { readonly version: number; readonly bps: number } | undefined;
  /** The versions that could be served at once. */
  readonly ready: readonly number[];
  /**
   * Where the cell that visitors are sent to is in its life; or why there is none. `preparing`: the seat is of the next epoch.
   */
  readonly state: Life | "waiting" | "refused" | "preparing";
  /** Why it is refused, or the wanted version not served. */
  readonly code: string | undefined;
  /** The same for its owner alone: with what the cell printed last. */
  readonly failure: { readonly code: string; readonly message: string; readonly log: string } | undefined;
  readonly rssBytes: number;
  readonly cells: readonly CellStatus[];
}

export function statusOf(
  state: ProjectState,
  project: ChainProject,
  content: Pick<ContentStore, "has">,
): ProjectStatus {
  const { target, served = [], bps = 0 } = state.route ?? {};
  const trouble = state.troubles.get(state.lastWanted?.cid ?? "");
  const [active, canary] = served;
  const cells = state.cells.map(({ cid, life, cell }) => ({
    version: project.versions.findLast((version) => version.cid === cid)?.version ?? 0,
    state: life,
    rssBytes: cell?.rssBytes() ?? 0,
  }));
  return {
    wanted: project.active,
    active: active?.version ?? 0,
    split: canary === undefined ? undefined : { version: canary.version, bps },
    ready: project.versions
      .filter(({ cid }) => content.has(cid) && !state.troubles.has(cid))
      .map(({ version }) => version),
    state: nameOf(state),
    code: target?.kind === "refused" ? target.code : trouble?.code,
    failure: trouble && { code: trouble.code, message: trouble.message, log: trouble.log ?? "" },
    rssBytes: cells.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    cells,
  };
}

function nameOf({ seat, route, cells }: ProjectState): ProjectStatus["state"] {
  if (route === undefined) return seat === "prepares" ? "preparing" : "gone";
  const { target } = route;
  if (target.kind === "refused") return target.code === "WAITING_FOR_CONTENT" ? "waiting" : "refused";
  const { kind } = target.kind === "split" ? target.active : target;
  if (kind === "cell") return "warm";
  return cells.some(({ life, cid }) => life === "starting" && cid === route.served[0]?.cid)
    ? "starting"
    : "sleeping";
}
