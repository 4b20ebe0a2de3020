import type { Cell } from "../cells/Cell.ts";
import type { RouteTarget } from "../edge/Route.ts";
import type { Refusal } from "./decide.ts";

/** A version that cannot be served, and when to look again (Unix ms). */
export interface Trouble extends Refusal {
  readonly retryAtMs: number;
}

/** A running or starting cell of a project. Versions with the same content share it. */
export interface OwnCell {
  readonly cid: string;
  /** Undefined while it starts. */
  cell: Cell | undefined;
  /** It takes no more requests and ends when the last one did. */
  isRetired: boolean;
  /** Settles when it runs, or does not. */
  started: Promise<void>;
}

/** What the agent knows in memory of one project of its own. A restart begins with nothing, and finds it again. */
export interface ProjectState {
  readonly projectId: bigint;
  /** What the edge was told last. */
  route: { version: number; cid: string; hosts: readonly string[]; target: RouteTarget } | undefined;
  cells: OwnCell[];
  /** By CID. */
  readonly troubles: Map<string, Trouble>;
  /** The content that is being fetched, or waited for. */
  fetch: { readonly cid: string; attempts: number; retryAtMs: number; running: boolean } | undefined;
  /** Somebody waits for a cell of this content. */
  askedFor: string | undefined;
  /** The wanted version that was seen last; a change asks for its cell. */
  lastWanted: { version: number; cid: string } | undefined;
  /** Uploaded ahead of their version, with a warm cell until then (Unix ms). */
  readonly prepared: Map<string, number>;
  /** When a request was last counted (Unix ms). */
  lastActiveMs: number;
  /** When cells ended by themselves (Unix ms), the newest last. */
  crashesMs: number[];
  capReached: boolean;
}

export function createProjectState(projectId: bigint): ProjectState {
  return {
    projectId,
    route: undefined,
    cells: [],
    troubles: new Map(),
    fetch: undefined,
    askedFor: undefined,
    lastWanted: undefined,
    prepared: new Map(),
    lastActiveMs: Date.now(),
    crashesMs: [],
    capReached: false,
  };
}
