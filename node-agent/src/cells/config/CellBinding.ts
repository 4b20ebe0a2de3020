import type { BindingKindName, Manifest } from "@worker3/sdk";
import type { Binding, Service, Worker } from "./WorkerdConfig.ts";

/** What a cell is to serve, before there is a process. */
export interface CellContent {
  readonly manifest: Manifest;
  /** The extracted deployment folder, as the agent sees it. */
  readonly folder: string;
  /** The same folder, as the cell's process sees it. */
  readonly insideFolder: string;
}

/** What one kind of binding adds to a cell's configuration. */
export interface CellParts {
  /** Services that the worker uses. Their names are the cell's own, never a tenant's, and begin with the kind's. */
  readonly services?: readonly Service[];
  /** Properties of the worker's `env`. */
  readonly bindings?: readonly Binding[];
  /** What else is said of the worker. */
  readonly worker?: Pick<Worker, "cacheApiOutbound">;
  /** A service that visitors meet in the worker's place. One kind at most has one. */
  readonly front?: Service;
}

/** How cells have one kind of binding: the agent's part of what the sdk's folder of the same name begins. */
export interface CellBinding {
  /**
   * The kinds of the manifest that cells have by it: a manifest with a kind that none of the node's has is refused. Empty
   * where no manifest asks for it.
   */
  readonly kinds: readonly BindingKindName[];

  /**
   * What it adds for this content: nothing where that has no use for it. It may read the deployment folder, with the
   * agent's rights and while a visitor waits; the same content gives the same parts on every node.
   *
   * @throws {CellError} when the content cannot be served.
   */
  parts(content: CellContent): CellParts | Promise<CellParts>;
}

/** The tenant's worker, for services that call it. */
export const WORKER_SERVICE = "worker";

/** Of code whose manifest names no date, and of the node's own: the same on all nodes, so that they answer alike. */
export const NODE_COMPATIBILITY_DATE = "2026-11-01";
