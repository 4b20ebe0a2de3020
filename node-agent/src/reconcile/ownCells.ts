import type { Cell } from "../cells/Cell.ts";
import { type LifeEvent, nextLife } from "../cells/life.ts";
import type { OwnCell, ProjectState } from "./ProjectState.ts";

/** Takes a cell on in its life. Whether the event meant something to it. */
export function advance(own: OwnCell, event: LifeEvent): boolean {
  const next = nextLife(own.life, event);
  if (next === undefined) return false;
  own.life = next;
  return true;
}

/** The cell of a content that visitors are sent to: the newest that is warm. */
export function warmCell(state: ProjectState, cid: string): Cell | undefined {
  return state.cells.findLast((own) => own.cid === cid && own.life === "warm")?.cell;
}

export function startingCell(state: ProjectState, cid: string): OwnCell | undefined {
  return state.cells.find((own) => own.cid === cid && own.life === "starting");
}

/** What there is of a content. */
export function cellState(state: ProjectState, cid: string): "none" | "starting" | "warm" {
  if (warmCell(state, cid) !== undefined) return "warm";
  return startingCell(state, cid) === undefined ? "none" : "starting";
}
