import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { Cell } from "../cells/Cell.ts";
import type { CellRunner } from "../cells/CellRunner.ts";
import type { StoredContent } from "../content/ContentStore.ts";
import type { OwnCell, ProjectState } from "./ProjectState.ts";
import { crashTrouble } from "./retry.ts";
import { documentOf, troubleOf } from "./troubleOf.ts";

export interface ProjectCellsParts {
  readonly cells: Pick<CellRunner, "start">;
  readonly edge: { retire(socketPath: string, options: { signal?: AbortSignal }): Promise<void> };
  readonly settings: { readonly drainMs: number; readonly lingerMs: number };
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Has the project looked at again. */
  readonly again: (projectId: bigint) => void;
}

/** Starts and ends the cells of projects. */
export interface ProjectCells {
  /** Starts a cell of this content, or waits for the one that starts. @throws {Worker3Error} It does not start. */
  start(state: ProjectState, content: StoredContent, version: number): Promise<void>;
  /** Lets a cell finish what it is at, then ends it. No new request reaches it. */
  retire(state: ProjectState, own: OwnCell): void;
}

/** After SIGTERM. */
const STOP_GRACE_MS = 5_000;
/** A cell that did not start is tried again after so long. */
const START_RETRY_MS = 30_000;

export function createProjectCells(parts: ProjectCellsParts): ProjectCells {
  const { cells, edge, settings, logger, signal, again } = parts;

  async function run(state: ProjectState, own: OwnCell, content: StoredContent, version: number) {
    const { projectId } = state;
    const { cid, folder, manifest } = content;
    const remove = () => {
      state.cells = state.cells.filter((other) => other !== own);
    };
    try {
      const cell = await cells.start({ projectId, version, cid, folder, manifest }, { signal });
      own.cell = cell;
      state.lastActiveMs = Date.now();
      void cell.gone.then(({ reason, log }) => {
        remove();
        if (reason !== "stopped" && !own.isRetired) {
          logger.warn({ projectId: String(projectId), cid, log }, "a cell ended by itself");
          state.crashesMs.push(Date.now());
          const trouble = crashTrouble(state.crashesMs, Date.now());
          if (trouble !== undefined) state.troubles.set(cid, trouble);
          void edge.retire(cell.socketPath, { signal });
        }
        again(projectId);
      });
    } catch (error) {
      remove();
      if (!signal.aborted) {
        logger.warn({ projectId: String(projectId), cid, ...documentOf(error) }, "a cell did not start");
        state.troubles.set(cid, troubleOf(error, START_RETRY_MS));
      }
      throw error;
    } finally {
      if (state.askedFor === cid) state.askedFor = undefined;
      again(projectId);
    }
  }

  return {
    async start(state, content, version) {
      const own = state.cells.find(({ cid, isRetired }) => cid === content.cid && !isRetired);
      if (own !== undefined) return own.started;
      const started: OwnCell = {
        cid: content.cid,
        cell: undefined,
        isRetired: false,
        started: Promise.resolve(),
      };
      state.cells.push(started);
      started.started = run(state, started, content, version);
      return started.started;
    },
    retire(state, own) {
      const { cell } = own;
      if (cell === undefined || own.isRetired) return;
      own.isRetired = true;
      const drain = AbortSignal.any([AbortSignal.timeout(settings.drainMs), signal]);
      void (async () => {
        try {
          await edge.retire(cell.socketPath, { signal: drain });
          await wait(settings.lingerMs, undefined, { signal });
        } catch {
          // What is not through by now is cut off.
        }
        await cell.stop({ graceMs: STOP_GRACE_MS });
      })().catch((error: unknown) =>
        logger.error({ projectId: String(state.projectId), error }, "a cell could not be stopped"),
      );
    },
  };
}

export function cellState(state: ProjectState, cid: string | undefined): "none" | "starting" | "warm" {
  const own = state.cells.find((one) => one.cid === cid && !one.isRetired);
  if (own === undefined) return "none";
  return own.cell === undefined ? "starting" : "warm";
}

/** The running cell of a content, unless it is on its way out. */
export function warmCell(state: ProjectState, cid: string): Cell | undefined {
  return state.cells.find((own) => own.cid === cid && !own.isRetired)?.cell;
}
