import type { Logger } from "pino";
import type { CellRunner } from "../cells/CellRunner.ts";
import type { ChainProject, Seat } from "../chain/view/chainProject.ts";
import type { ContentStore, StoredContent } from "../content/ContentStore.ts";
import type { CutOptions } from "../edge/Edge.ts";
import type { Load } from "../edge/Load.ts";
import type { Route } from "../edge/Route.ts";
import type { ProjectStatus } from "./statusOf.ts";

/** The parts that a reconciler moves. */
export interface ReconcilerParts {
  /** What the chain says of a project, as of the ledger's newest block. */
  readonly project: (projectId: bigint) => ChainProject;
  /** What the terms of this epoch, and of the next, give this node. */
  readonly seat: (project: ChainProject) => Seat;
  /** Whether its credit pays for what the seat is for: see `Wanted`. Undefined: not known, and being asked. */
  readonly funded: (projectId: bigint) => boolean | undefined;
  /** Whether this node's operator does not serve a content of a project. */
  readonly denies: (projectId: bigint, cid: string) => boolean;
  /** The names under which visitors may ask for it here. */
  readonly hosts: (project: ChainProject) => readonly string[];
  readonly content: Pick<ContentStore, "has" | "get">;
  readonly fetch: (project: ChainProject, cid: string, signal: AbortSignal) => Promise<StoredContent>;
  /** Throws where this node cannot run the content. */
  readonly checkContent: (content: StoredContent) => void;
  readonly cells: Pick<CellRunner, "start" | "prepare">;
  readonly edge: {
    setRoutes(routes: readonly Route[]): void;
    removeRoutes(projectIds: readonly string[]): void;
    load(socketPath: string): Pick<Load, "inFlight">;
    cut(socketPath: string, options: CutOptions): Promise<void>;
    retire(socketPath: string, options: { signal?: AbortSignal }): Promise<void>;
  };
  readonly settings: ReconcilerSettings;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface ReconcilerSettings {
  readonly serveUnpaid: boolean;
  /** A project without a request or WebSocket in flight sleeps so long after the last one. */
  readonly idleMs: number;
  readonly drainMs: number;
  readonly lingerMs: number;
  /** The memory that all cells together may take. */
  readonly warmBytes: number;
}

export interface Reconciler {
  /** Looks at a project again, now or as soon as the pass at hand is through. Resolves when no step is left to take. */
  reconcile(projectId: bigint): Promise<void>;
  /** A visitor waits for a sleeping project. */
  wake(projectId: bigint): void;
  /**
   * Starts a cell of content that was uploaded ahead of its version; none where the project has a seat from the next epoch
   * on. @throws {Worker3Error} It cannot be served.
   */
  prepare(projectId: bigint, cid: string): Promise<void>;
  /**
   * Starts a fresh cell of the same content beside one that serves, sends visitors there when it is warm, and retires the
   * old one. If it does not start the old one stays. Asked again within five seconds it does nothing.
   */
  replace(projectId: bigint, socketPath: string): void;
  /** Requests were counted. */
  touch(projectId: bigint): void;
  setCapReached(projectId: bigint, reached: boolean): void;
  /** Takes the steps whose time has come: retries, idle cells, memory, prepared cells that nobody activated. */
  tick(): void;
  /** Whether visitors of any project get a content, or a cell of it runs or waits for its version. */
  isInUse(cid: string): boolean;
  status(projectId: bigint): ProjectStatus | undefined;
  projects(): readonly bigint[];
  /** The projects that visitors get now. */
  served(): Iterable<bigint>;
}
