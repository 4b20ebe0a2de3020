import { createTurns } from "../background/createTurns.ts";
import { inBackground } from "../background/inBackground.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import { createFetches } from "./createFetches.ts";
import { createPass } from "./createPass.ts";
import { createProjectCells } from "./createProjectCells.ts";
import { createRoom } from "./createRoom.ts";
import { createRoutes } from "./createRoutes.ts";
import { idleCells } from "./idleCells.ts";
import { usedAt } from "./memoryEvictions.ts";
import { createProjectState, type OwnCell, type ProjectState } from "./ProjectState.ts";
import type { Reconciler, ReconcilerParts } from "./Reconciler.ts";
import { statusOf } from "./statusOf.ts";
import { unpaidCut } from "./unpaidCut.ts";

/** Projects that are worked on at once. */
const CONCURRENCY = 8;
/** A cell of uploaded content waits so long for its version. */
const PREPARED_MS = 600_000;
const REPLACE_AGAIN_MS = 5_000;
/** How long a cell that goes for others lives on for `waitUntil`. */
const EVICTED_LINGER_MS = 3_000;
/** The status of `CAP_REACHED` and `NO_CREDIT`. */
const PAYMENT_REQUIRED = 402;

/**
 * The one loop between what the chain wants and what is there. It is level-triggered: whatever happened, a pass reads
 * both and takes the next idempotent step, one project at a time.
 */
export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { settings, edge, logger, signal } = parts;
  const states = new Map<bigint, ProjectState>();
  const routes = createRoutes(parts);
  const isBusy = ({ cell }: OwnCell) => cell !== undefined && edge.load(cell.socketPath).inFlight > 0;
  const room = createRoom({
    warmBytes: settings.warmBytes,
    states: () => states.values(),
    isBusy,
    evict(state, own) {
      logger.info(
        { projectId: String(state.projectId), cid: own.cid, bytes: own.bytes },
        "a cell goes for others",
      );
      state.prepared.delete(own.cid);
      cells.retire(state, own, { ...settings, lingerMs: Math.min(settings.lingerMs, EVICTED_LINGER_MS) });
    },
  });
  const again = (projectId: bigint) => void reconcile(projectId);
  const owner = (projectId: bigint) => parts.project(projectId).owner ?? String(projectId);
  const cells = createProjectCells({ ...parts, room, owner, changed: routes.refresh, again });
  const fetches = createFetches({ ...parts, again });
  const pass = createPass({
    ...parts,
    routes,
    cells,
    fetches,
    forget: (projectId) => states.delete(projectId),
  });
  const reconcile = createTurns<bigint>({
    async work(projectId) {
      const state = stateOf(projectId);
      await pass(state);
      cutUnpaid(state);
    },
    failed: "a project could not be reconciled",
    about: (projectId) => ({ projectId: String(projectId) }),
    concurrency: CONCURRENCY,
    logger,
    signal,
  });

  function stateOf(projectId: bigint): ProjectState {
    const state = states.get(projectId) ?? createProjectState(projectId);
    states.set(projectId, state);
    return state;
  }

  /** New visitors are refused; what is open would go on for as long as it likes. */
  function cutUnpaid(state: ProjectState): void {
    const target = state.route?.target;
    if (target?.kind !== "refused" || target.status !== PAYMENT_REQUIRED) {
      state.unpaidSinceMs = undefined;
      return;
    }
    const now = monotonicMs();
    state.unpaidSinceMs ??= now;
    const choice = unpaidCut(now - state.unpaidSinceMs);
    const { status, code, message, retryAfterSeconds } = target;
    const refusal = { status, code, message, retryAfterSeconds };
    for (const own of state.cells) {
      const { cell } = own;
      if (cell === undefined || !isBusy(own)) continue;
      const about = { projectId: String(state.projectId) };
      inBackground({ logger, signal, failed: "what is not paid could not be cut", about }, () =>
        edge.cut(cell.socketPath, { choice, refusal }),
      );
    }
  }

  async function prepare(projectId: bigint, cid: string): Promise<void> {
    const state = stateOf(projectId);
    const content = await parts.content.get(cid);
    if (content === undefined) return;
    parts.checkContent(content);
    state.troubles.delete(cid);
    if (parts.seat(parts.project(projectId)) !== "serves") {
      cells.makeReady(state, content);
      return again(projectId);
    }
    state.prepared.set(cid, monotonicMs() + PREPARED_MS);
    await cells.start(state, content, 0);
    again(projectId);
  }

  async function replace(state: ProjectState, own: OwnCell): Promise<void> {
    const content = await parts.content.get(own.cid);
    if (content === undefined || own.life !== "warm") return;
    // Logged where it happens; the old one goes on.
    await cells.start(state, content, own.version, "another").catch(() => undefined);
  }

  function isDue(state: ProjectState, now: number): boolean {
    const isUsed = ({ cid }: OwnCell) =>
      state.prepared.has(cid) ||
      state.askedFor.has(cid) ||
      state.route?.served.some((one) => one.cid === cid);
    return (
      fetches.isDue(state, now) ||
      [...state.troubles.values()].some(({ retryAtMs }) => retryAtMs <= now) ||
      state.cells.some((own) => own.life === "warm" && !isUsed(own))
    );
  }

  return {
    reconcile,
    wake(projectId) {
      const state = stateOf(projectId);
      const { served = [] } = state.route ?? {};
      for (const { cid } of served) state.askedFor.add(cid);
      if (served.length === 0 && state.lastWanted !== undefined) state.askedFor.add(state.lastWanted.cid);
      again(projectId);
    },
    prepare,
    replace(projectId, socketPath) {
      const state = states.get(projectId);
      const own = state?.cells.find(({ cell, life }) => life === "warm" && cell?.socketPath === socketPath);
      if (state === undefined || own === undefined || own.replaceAfterMs > monotonicMs()) return;
      own.replaceAfterMs = monotonicMs() + REPLACE_AGAIN_MS;
      const about = { projectId: String(projectId) };
      inBackground({ logger, signal, failed: "a cell could not be replaced", about }, () =>
        replace(state, own),
      );
    },
    touch(projectId) {
      const state = states.get(projectId);
      if (state === undefined) return;
      const now = monotonicMs();
      state.lastActiveMs = now;
      state.use = usedAt(state.use, now);
    },
    setCapReached(projectId, reached) {
      const state = stateOf(projectId);
      if (state.capReached === reached) return;
      state.capReached = reached;
      again(projectId);
    },
    tick() {
      const now = monotonicMs();
      for (const state of states.values()) {
        for (const [cid, until] of state.prepared) if (until < now) state.prepared.delete(cid);
        if (state.cells.some((own) => own.life === "warm" && isBusy(own))) state.lastActiveMs = now;
        cutUnpaid(state);
        if (isDue(state, now)) again(state.projectId);
        const { cells: idle, lingerMs } = idleCells(state, settings, now);
        // What comes at this very moment may take as long as it likes.
        for (const own of idle) cells.retire(state, own, { drainMs: undefined, lingerMs });
      }
      room.check();
    },
    isInUse: (cid) =>
      [...states.values()].some(
        ({ route, cells, prepared }) =>
          prepared.has(cid) ||
          route?.served.some((served) => served.cid === cid) ||
          cells.some((own) => own.cid === cid),
      ),
    projects: () => [...states.keys()],
    *served() {
      for (const { projectId, seat, route } of states.values())
        if (seat === "serves" && route !== undefined && route.served.length > 0) yield projectId;
    },
    status(projectId) {
      const state = states.get(projectId);
      return state === undefined ? undefined : statusOf(state, parts.project(projectId), parts.content);
    },
  };
}
