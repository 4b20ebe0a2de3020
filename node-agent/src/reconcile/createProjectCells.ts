import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { createFairLimit } from "../background/createFairLimit.ts";
import { inBackground } from "../background/inBackground.ts";
import type { Cell, CellEnd } from "../cells/Cell.ts";
import { CellError } from "../cells/CellError.ts";
import type { CellRunner } from "../cells/CellRunner.ts";
import type { StoredContent } from "../content/ContentStore.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import { afterDeath, afterFailedStart, afterLimit, HEALTHY } from "./breaker.ts";
import type { Room } from "./createRoom.ts";
import { advance, startingCell, warmCell } from "./ownCells.ts";
import type { OwnCell, ProjectState, Served } from "./ProjectState.ts";
import { failingTrouble, troubleOf } from "./troubleOf.ts";

export interface ProjectCellsParts {
  readonly cells: Pick<CellRunner, "start" | "prepare">;
  readonly edge: { retire(socketPath: string, options: { signal?: AbortSignal }): Promise<void> };
  readonly room: Pick<Room, "enter" | "check">;
  /** Whose a project is: of those who wait for a start, one of each owner in turn. */
  readonly owner: (projectId: bigint) => string;
  readonly settings: { readonly drainMs: number; readonly lingerMs: number };
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** A cell became warm or is no longer: tells the edge at once. */
  readonly changed: (state: ProjectState) => void;
  /** Has the project looked at again. */
  readonly again: (projectId: bigint) => void;
}

export interface Retirement {
  /** How long its requests may last; undefined: as long as they like. */
  readonly drainMs: number | undefined;
  /** How long it lives on after them. */
  readonly lingerMs: number;
}

/** Takes the cells of projects through their lives. */
export interface ProjectCells {
  /**
   * Starts a cell of this content, or waits for the one that starts. With `another`, also where one is warm.
   *
   * @throws {Worker3Error} It does not start.
   */
  start(state: ProjectState, content: StoredContent, version: number, another?: "another"): Promise<void>;
  /** Does what makes a first start of this content quick, once; starts no cell. */
  makeReady(state: ProjectState, content: StoredContent): void;
  /** Lets a cell finish what it is at, then ends it; one that starts is given up. No new request reaches it. */
  retire(state: ProjectState, own: OwnCell, how?: Retirement): void;
}

/** Cells that start at once; more would only take longer each. */
const STARTS = 16;
/** After SIGTERM. */
const STOP_GRACE_MS = 5_000;
/** A cell that found no room is tried again after so long. */
const FULL_RETRY_MS = 2_000;
/** The CPU time that the end of a cell by a limit costs at most, where one of its requests may not use more. */
const MAX_KILL_MS = 2_000;

export function createProjectCells(parts: ProjectCellsParts): ProjectCells {
  const { edge, room, settings, logger, signal, changed, again } = parts;
  const starts = createFairLimit<string>(STARTS);

  async function run(state: ProjectState, own: OwnCell, content: StoredContent): Promise<void> {
    const { projectId } = state;
    const { cid, folder, manifest } = content;
    const spec = { projectId, version: own.version, cid, folder, manifest };
    const enough = AbortSignal.any([signal, own.giveUp.signal]);
    advance(own, "wake");
    try {
      const owner = parts.owner(projectId);
      await room.enter(own, owner, enough);
      const cell = await starts.run(owner, () => parts.cells.start(spec, { signal: enough }));
      begin(state, own, cell);
    } catch (error) {
      end(state, own);
      if (!enough.aborted) failed(state, own, error);
      throw error;
    } finally {
      state.askedFor.delete(cid);
      again(projectId);
      changed(state);
    }
  }

  function begin(state: ProjectState, own: OwnCell, cell: Cell): void {
    const wasGivenUp = own.life === "draining";
    advance(own, "ready");
    own.cell = cell;
    state.health.set(own.cid, { ...(state.health.get(own.cid) ?? HEALTHY), hasServed: true });
    state.lastActiveMs = monotonicMs();
    owned(state, "a cell's end could not be acted on", async () => {
      const how = await cell.gone;
      try {
        end(state, own);
        if (how.reason === "killed") killed(state, own, cell);
        else if (how.reason !== "stopped") died(state, own, how);
        changed(state);
      } finally {
        again(state.projectId);
        await edge.retire(cell.socketPath, { signal });
      }
    });
    if (wasGivenUp) owned(state, "a cell could not be stopped", () => cell.stop({ graceMs: 0 }));
  }

  function owned({ projectId }: ProjectState, failed: string, work: () => unknown): void {
    inBackground({ logger, signal, failed, about: { projectId: String(projectId) } }, work);
  }

  function end(state: ProjectState, own: OwnCell): void {
    advance(own, "end");
    state.cells = state.cells.filter((other) => other !== own);
    room.check();
  }

  function failed(state: ProjectState, { cid }: OwnCell, error: unknown): void {
    logger.warn({ projectId: String(state.projectId), cid, err: error }, "a cell did not start");
    // Visitors have another: nothing is wrong with the version.
    if (warmCell(state, cid) !== undefined) return;
    const now = monotonicMs();
    if (error instanceof CellError && error.code === "NODE_FULL") {
      state.troubles.set(cid, { ...troubleOf(error, now + FULL_RETRY_MS), retryAfterSeconds: 5 });
      return;
    }
    const health = afterFailedStart(state.health.get(cid) ?? HEALTHY, now);
    state.health.set(cid, health);
    state.troubles.set(cid, troubleOf(error, health.restUntilMs));
  }

  function died(
    state: ProjectState,
    { cid, version }: Served,
    { reason, code, signal: by, log }: CellEnd,
  ): void {
    const now = monotonicMs();
    const health = afterDeath(state.health.get(cid) ?? HEALTHY, now);
    state.health.set(cid, health);
    const about = { projectId: String(state.projectId), version, cid, reason, code, signal: by };
    if (health.isFailing) {
      state.troubles.set(cid, failingTrouble(health, log, now));
      logger.error({ ...about, log, restMs: health.restUntilMs - now }, "a version keeps ending by itself");
      return;
    }
    logger.warn({ ...about, log }, "a cell ended by itself");
    againAt(state, health.restUntilMs);
  }

  function killed(state: ProjectState, { cid }: OwnCell, { limits, cpuMs }: Cell): void {
    const health = state.health.get(cid) ?? HEALTHY;
    // What it used for its visitors before, it did not use for nothing.
    const usedMs = Math.min(cpuMs(), Math.max(MAX_KILL_MS, limits.cpuMs));
    const next = afterLimit(health, usedMs, monotonicMs());
    state.health.set(cid, next);
    againAt(state, next.restUntilMs);
  }

  function againAt({ projectId }: ProjectState, atMs: number): void {
    // A timer may come a moment early.
    const due = setTimeout(() => again(projectId), Math.max(0, atMs - monotonicMs()) + 5);
    signal.addEventListener("abort", () => clearTimeout(due), { once: true });
  }

  async function drain(cell: Cell, { drainMs, lingerMs }: Retirement): Promise<void> {
    const limits = drainMs === undefined ? [signal] : [signal, AbortSignal.timeout(drainMs)];
    const enough = AbortSignal.any(limits);
    await edge.retire(cell.socketPath, { signal: enough });
    // What is not through by now is cut off.
    if (!enough.aborted) await wait(lingerMs, undefined, { signal }).catch(() => undefined);
    await cell.stop({ graceMs: STOP_GRACE_MS });
  }

  return {
    async start(state, content, version, another) {
      const { cid } = content;
      const starting = startingCell(state, cid);
      if (starting !== undefined) return starting.started;
      if (another === undefined && warmCell(state, cid) !== undefined) return;
      const own: OwnCell = {
        cid,
        version,
        life: "sleeping",
        cell: undefined,
        giveUp: new AbortController(),
        started: Promise.resolve(),
        sinceMs: monotonicMs(),
        bytes: 0,
        replaceAfterMs: 0,
      };
      state.cells.push(own);
      own.started = run(state, own, content);
      return own.started;
    },
    makeReady(state, { cid, folder, manifest }) {
      if (state.madeReady.has(cid)) return;
      state.madeReady.add(cid);
      owned(state, "a content could not be made ready", () => parts.cells.prepare({ cid, folder, manifest }));
    },
    retire(state, own, how = settings) {
      if (!advance(own, "retire")) return;
      changed(state);
      const { cell } = own;
      if (cell === undefined) own.giveUp.abort(new Error("the cell is not needed any more"));
      else owned(state, "a cell could not be stopped", () => drain(cell, how));
    },
  };
}
