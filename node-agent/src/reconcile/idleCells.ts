import type { OwnCell, ProjectState } from "./ProjectState.ts";

export interface IdleSettings {
  /** Without a request for longer, a cell is stopped. */
  readonly idleMs: number;
  /** How long a cell lives on after its last response, for `waitUntil`. */
  readonly lingerMs: number;
}

/** Cells that nobody has asked for a while. */
export interface IdleCells {
  readonly cells: readonly OwnCell[];
  /** How long they live on yet: what they were idle for is taken off. */
  readonly lingerMs: number;
}

/** The cells of a project to stop because it is idle: those that visitors would get. What replaces others ends otherwise. */
export function idleCells(
  { cells, route, lastActiveMs }: Pick<ProjectState, "cells" | "route" | "lastActiveMs">,
  settings: IdleSettings,
  nowMs: number,
): IdleCells {
  const idleMs = nowMs - lastActiveMs;
  const { served = [] } = route ?? {};
  const isServed = ({ cid }: OwnCell) => served.some((one) => one.cid === cid);
  return {
    cells: idleMs > settings.idleMs ? cells.filter((own) => own.life === "warm" && isServed(own)) : [],
    lingerMs: Math.max(0, settings.lingerMs - idleMs),
  };
}
