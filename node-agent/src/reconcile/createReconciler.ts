import pLimit from "p-limit";
import type { Logger } from "pino";
import type { CellRunner } from "../cells/CellRunner.ts";
import type { ChainProject } from "../chain/chainProject.ts";
import type { ContentStore, StoredContent } from "../content/ContentStore.ts";
import type { Route, RouteTarget } from "../edge/Route.ts";
import { type Decision, decide } from "./decide.ts";
import { createProjectState, type ProjectState } from "./ProjectState.ts";
import { cellState, createProjectCells, warmCell } from "./projectCells.ts";
import { fetchDelayMs } from "./retry.ts";
import { type ProjectStatus, statusOf } from "./statusOf.ts";
import { documentOf, troubleOf } from "./troubleOf.ts";

/** The parts that a reconciler moves. */
export interface ReconcilerParts {
  /** What the chain says of a project, as of the ledger's newest block. */
  readonly project: (projectId: bigint) => ChainProject;
  /** Whether this node has a seat in this epoch or the next. */
  readonly serves: (project: ChainProject) => boolean;
  /** Whether its credit pays; undefined: not known, and being asked. */
  readonly funded: (projectId: bigint) => boolean | undefined;
  /** The names under which visitors may ask for it here. */
  readonly hosts: (project: ChainProject) => readonly string[];
  readonly content: Pick<ContentStore, "has" | "get">;
  readonly fetch: (project: ChainProject, cid: string, signal: AbortSignal) => Promise<StoredContent>;
  /** Throws where this node cannot run the content. */
  readonly checkContent: (content: StoredContent) => void;
  readonly cells: Pick<CellRunner, "start">;
  readonly edge: {
    setRoutes(routes: readonly Route[]): void;
    removeRoutes(projectIds: readonly string[]): void;
    retire(socketPath: string, options: { signal?: AbortSignal }): Promise<void>;
  };
  readonly settings: ReconcilerSettings;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface ReconcilerSettings {
  readonly serveUnpaid: boolean;
  readonly idleMs: number;
  readonly drainMs: number;
  readonly lingerMs: number;
}

export interface Reconciler {
  /** Looks at a project again, now or as soon as the pass at hand is through. Resolves when nothing is left to do. */
  reconcile(projectId: bigint): Promise<void>;
  /** A visitor waits for a sleeping project. */
  wake(projectId: bigint): void;
  /** Starts a cell of content that was uploaded ahead of its version. @throws {Worker3Error} It cannot be served. */
  prepare(projectId: bigint, cid: string): Promise<void>;
  /** Requests were counted. */
  touch(projectId: bigint): void;
  setCapReached(projectId: bigint, reached: boolean): void;
  /** Takes the steps whose time has come: retries, idle cells, prepared ones that nobody activated. */
  tick(): void;
  status(projectId: bigint): ProjectStatus | undefined;
  projects(): readonly bigint[];
}

/** Projects that are worked on at once. */
const CONCURRENCY = 8;
/** A cell of uploaded content waits so long for its version. */
const PREPARED_MS = 600_000;
/** Content that this node cannot serve is looked at again after so long: a newer agent may. */
const UNSUPPORTED_RETRY_MS = 3_600_000;

/**
 * The one loop between what the chain wants and what is there. It is level-triggered: whatever happened, a pass reads
 * both and takes the next idempotent step, one project at a time.
 */
export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { settings, logger, signal } = parts;
  const limit = pLimit(CONCURRENCY);
  const states = new Map<bigint, ProjectState>();
  const cells = createProjectCells({ ...parts, again });
  const passes = new Map<bigint, { again: boolean; done: Promise<void> }>();

  function stateOf(projectId: bigint): ProjectState {
    const state = states.get(projectId) ?? createProjectState(projectId);
    states.set(projectId, state);
    return state;
  }

  function reconcile(projectId: bigint): Promise<void> {
    const running = passes.get(projectId);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const entry = { again: true, done: Promise.resolve() };
    entry.done = limit(async () => {
      try {
        while (entry.again && !signal.aborted) {
          entry.again = false;
          await pass(stateOf(projectId));
        }
      } catch (error) {
        logger.error({ projectId: String(projectId), error }, "a project could not be reconciled");
      } finally {
        passes.delete(projectId);
      }
    });
    passes.set(projectId, entry);
    return entry.done;
  }

  /** Without waiting; `pass` itself logs what goes wrong. */
  function again(projectId: bigint): void {
    void reconcile(projectId);
  }

  async function pass(state: ProjectState): Promise<void> {
    const { projectId } = state;
    const project = parts.project(projectId);
    const cid = project.versions.find(({ version }) => version === project.active)?.cid;
    const content = cid === undefined ? undefined : await parts.content.get(cid);
    noteWanted(state, project.active, cid);
    if (content !== undefined) noteTrouble(state, content);
    const decision = decide(
      {
        serves: parts.serves(project),
        version: cid === undefined ? 0 : project.active,
        funded: parts.funded(projectId),
        capReached: state.capReached,
      },
      {
        hasContent: content !== undefined,
        trouble: cid === undefined ? undefined : state.troubles.get(cid),
        cell: cellState(state, cid),
        isAskedFor: cid !== undefined && state.askedFor === cid,
        served: servedVersion(state),
      },
      settings,
    );
    applyRoute(state, decision, project, cid ?? "");
    await takeStep(state, decision, project, content);
    // A cell that just started gets its route in the next pass.
    if (decision.step !== "start") retireOthers(state, decision);
  }

  function noteWanted(state: ProjectState, version: number, cid: string | undefined): void {
    const { lastWanted } = state;
    if (cid === undefined || (lastWanted?.cid === cid && lastWanted.version === version)) return;
    // At the agent's start a project sleeps until somebody asks; a version that goes live later is made warm.
    if (lastWanted !== undefined || state.fetch !== undefined) state.askedFor = cid;
    state.lastWanted = { version, cid };
    state.crashesMs = [];
    state.prepared.delete(cid);
  }

  function noteTrouble(state: ProjectState, content: StoredContent): void {
    const known = state.troubles.get(content.cid);
    if (known !== undefined && known.retryAtMs > Date.now()) return;
    state.troubles.delete(content.cid);
    try {
      parts.checkContent(content);
    } catch (error) {
      state.troubles.set(content.cid, troubleOf(error, UNSUPPORTED_RETRY_MS));
    }
  }

  function applyRoute(state: ProjectState, { route }: Decision, project: ChainProject, cid: string): void {
    const projectId = String(state.projectId);
    const hosts = parts.hosts(project);
    if (route.to === "nowhere") {
      if (state.route !== undefined) parts.edge.removeRoutes([projectId]);
      state.route = undefined;
      return;
    }
    const { version, target } = targetOf(state, route, project.active, cid);
    const next = { version, cid: route.to === "keep" ? (state.route?.cid ?? cid) : cid, hosts, target };
    if (state.route !== undefined && JSON.stringify(state.route) === JSON.stringify(next)) return;
    parts.edge.setRoutes([{ projectId, hosts, target }]);
    const { kind } = target;
    if (state.route?.version !== version || state.route.target.kind !== kind)
      logger.info(
        { projectId, version, cid: next.cid, route: kind === "refused" ? target.code : kind },
        "routed",
      );
    state.route = next;
  }

  function targetOf(
    state: ProjectState,
    route: Exclude<Decision["route"], { to: "nowhere" }>,
    active: number,
    cid: string,
  ): { version: number; target: RouteTarget } {
    if (route.to === "keep" && state.route !== undefined) {
      const { version, target, cid: kept } = state.route;
      const alive = target.kind !== "cell" || warmCell(state, kept)?.socketPath === target.socketPath;
      return { version, target: alive ? target : { kind: "sleeping", version } };
    }
    if (route.to === "refusal") return { version: 0, target: { kind: "refused", ...route.refusal } };
    const cell = route.to === "cell" ? warmCell(state, cid) : undefined;
    return cell === undefined
      ? { version: active, target: { kind: "sleeping", version: active } }
      : { version: active, target: { kind: "cell", version: active, socketPath: cell.socketPath } };
  }

  async function takeStep(
    state: ProjectState,
    { step }: Decision,
    project: ChainProject,
    content: StoredContent | undefined,
  ): Promise<void> {
    if (step === "forget" || step === "stop") {
      for (const own of state.cells) cells.retire(state, own);
      state.fetch = undefined;
      state.askedFor = undefined;
      if (step === "forget" && state.cells.length === 0) states.delete(state.projectId);
    } else if (step === "fetch") {
      const cid = project.versions.find(({ version }) => version === project.active)?.cid;
      if (cid !== undefined) startFetch(state, project, cid);
    } else if (step === "start" && content !== undefined) {
      await cells.start(state, content, project.active).catch(() => undefined);
    }
  }

  /** Cells that nobody is routed to, and that were not prepared for a version to come. */
  function retireOthers(state: ProjectState, { route }: Decision): void {
    const routed = state.route?.target.kind === "cell" ? state.route.target.socketPath : undefined;
    for (const own of state.cells) {
      const { cell, cid } = own;
      if (cell === undefined || cell.socketPath === routed || state.prepared.has(cid)) continue;
      // While the cap is reached the cell of the served version waits for the next epoch.
      if (route.to === "refusal" && state.capReached && state.lastWanted?.cid === cid) continue;
      if (route.to === "keep" && state.askedFor === cid) continue;
      cells.retire(state, own);
    }
  }

  function startFetch(state: ProjectState, project: ChainProject, cid: string): void {
    if (state.fetch?.cid !== cid) state.fetch = { cid, attempts: 0, retryAtMs: 0, running: false };
    const { fetch } = state;
    if (fetch.running || fetch.retryAtMs > Date.now()) return;
    fetch.running = true;
    parts
      .fetch(project, cid, signal)
      .catch((error: unknown) => {
        fetch.attempts += 1;
        fetch.retryAtMs = Date.now() + fetchDelayMs(fetch.attempts);
        logger.info(
          { projectId: String(state.projectId), cid, ...documentOf(error) },
          "content not found yet",
        );
      })
      .finally(() => {
        fetch.running = false;
        again(state.projectId);
      });
  }

  async function prepare(projectId: bigint, cid: string): Promise<void> {
    const state = stateOf(projectId);
    const content = await parts.content.get(cid);
    if (content === undefined) return;
    parts.checkContent(content);
    state.troubles.delete(cid);
    state.prepared.set(cid, Date.now() + PREPARED_MS);
    await cells.start(state, content, 0);
    again(projectId);
  }

  function tick(): void {
    const now = Date.now();
    for (const state of states.values()) {
      for (const [cid, until] of state.prepared) if (until < now) state.prepared.delete(cid);
      const { fetch, route } = state;
      const isDue =
        (fetch !== undefined && !fetch.running && fetch.retryAtMs <= now) ||
        state.cells.some(({ cid, isRetired }) => !isRetired && !isUsed(state, cid)) ||
        [...state.troubles.values()].some(({ retryAtMs }) => retryAtMs <= now);
      if (isDue) again(state.projectId);
      if (route?.target.kind === "cell" && now - state.lastActiveMs > settings.idleMs) sleep(state);
    }
  }

  function isUsed(state: ProjectState, cid: string): boolean {
    return state.route?.cid === cid || state.prepared.has(cid) || state.askedFor === cid;
  }

  /** Visitors wake it again; what is still in flight ends in peace. */
  function sleep(state: ProjectState): void {
    const { route } = state;
    if (route === undefined) return;
    const own = state.cells.find(({ cid, isRetired }) => cid === route.cid && !isRetired);
    state.route = { ...route, target: { kind: "sleeping", version: route.version } };
    parts.edge.setRoutes([
      { projectId: String(state.projectId), hosts: route.hosts, target: state.route.target },
    ]);
    if (own !== undefined) cells.retire(state, own);
  }

  return {
    reconcile,
    wake(projectId) {
      const state = stateOf(projectId);
      state.askedFor = state.route?.cid ?? state.lastWanted?.cid;
      again(projectId);
    },
    prepare,
    touch: (projectId) => {
      const state = states.get(projectId);
      if (state !== undefined) state.lastActiveMs = Date.now();
    },
    setCapReached(projectId, reached) {
      const state = stateOf(projectId);
      if (state.capReached === reached) return;
      state.capReached = reached;
      again(projectId);
    },
    tick,
    projects: () => [...states.keys()],
    status(projectId) {
      const state = states.get(projectId);
      return state === undefined ? undefined : statusOf(state, parts.project(projectId), parts.content);
    },
  };
}

/** The version that visitors get; none where they are refused. */
function servedVersion({ route }: ProjectState): number | undefined {
  return route === undefined || route.target.kind === "refused" ? undefined : route.version;
}
