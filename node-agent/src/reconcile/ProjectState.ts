import type { Cell } from "../cells/Cell.ts";
import type { Life } from "../cells/life.ts";
import type { Seat } from "../chain/view/chainProject.ts";
import type { RouteTarget } from "../edge/Route.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import type { Health } from "./breaker.ts";
import type { Refusal } from "./decide.ts";
import type { Use } from "./memoryEvictions.ts";

/** A version that cannot be served, and when to look again (`monotonicMs`). */
export interface Trouble extends Refusal {
  readonly retryAtMs: number;
  /** The last of its cell's output, for the project's owner alone. */
  readonly log?: string | undefined;
}

/** A cell of a project, from the moment that it is wanted. Versions with the same content share it. */
export interface OwnCell {
  readonly cid: string;
  /** 0 where the content was uploaded ahead of its version. */
  readonly version: number;
  /** Changed by `advance` alone. */
  life: Life;
  /** Undefined until it is warm. */
  cell: Cell | undefined;
  /** Gives up a start. */
  readonly giveUp: AbortController;
  /** Settles when it runs, or does not. */
  started: Promise<void>;
  /** As `monotonicMs`. */
  readonly sinceMs: number;
  /** The memory that it takes, as last measured; what a new one is expected to take while it starts. */
  bytes: number;
  /** Not to be replaced by another of the same content before (`monotonicMs`). */
  replaceAfterMs: number;
}

/** A version that visitors get. */
export interface Served {
  readonly version: number;
  readonly cid: string;
}

/** What the edge was told last. */
export interface OwnRoute {
  /** The active one first, then that of a split; empty where visitors are refused. */
  readonly served: readonly Served[];
  /** The share of the second, of 10,000. */
  readonly bps: number;
  readonly hosts: readonly string[];
  readonly target: RouteTarget;
}

/** Content that is being fetched, or waited for. */
export interface Fetching {
  attempts: number;
  retryAtMs: number;
  running: boolean;
}

/** What the agent knows in memory of one project of its own. A restart begins with nothing, and finds it again. */
export interface ProjectState {
  readonly projectId: bigint;
  /** As the last pass found it. */
  seat: Seat;
  route: OwnRoute | undefined;
  cells: OwnCell[];
  /** By CID, as are those that follow. */
  readonly troubles: Map<string, Trouble>;
  readonly health: Map<string, Health>;
  readonly fetches: Map<string, Fetching>;
  /** Somebody waits for a cell of these contents. */
  readonly askedFor: Set<string>;
  /** Uploaded ahead of their version, with a warm cell until then (`monotonicMs`). */
  readonly prepared: Map<string, number>;
  /** Made ready for a seat of the next epoch. */
  readonly madeReady: Set<string>;
  /** The wanted version that was seen last; a change asks for its cell. */
  lastWanted: Served | undefined;
  /** When a request was last counted or in flight, or a cell became ready for one (`monotonicMs`). */
  lastActiveMs: number;
  /** How much it was used lately. */
  use: Use;
  capReached: boolean;
  /** Since when visitors are refused because nobody pays (`monotonicMs`); undefined while they are not. */
  unpaidSinceMs: number | undefined;
}

export function createProjectState(projectId: bigint): ProjectState {
  return {
    projectId,
    seat: "none",
    route: undefined,
    cells: [],
    troubles: new Map(),
    health: new Map(),
    fetches: new Map(),
    askedFor: new Set(),
    prepared: new Map(),
    madeReady: new Set(),
    lastWanted: undefined,
    lastActiveMs: monotonicMs(),
    use: { use: 0, atMs: 0 },
    capReached: false,
    unpaidSinceMs: undefined,
  };
}
