import type { Logger } from "pino";
import type { ChainProject } from "../chain/view/chainProject.ts";
import { fetchDelayMs } from "./fetchDelayMs.ts";
import type { ProjectState } from "./ProjectState.ts";

export interface FetchesParts {
  readonly fetch: (project: ChainProject, cid: string, signal: AbortSignal) => Promise<unknown>;
  readonly logger: Pick<Logger, "info">;
  readonly signal: AbortSignal;
  /** Has the project looked at again. */
  readonly again: (projectId: bigint) => void;
}

/** Gets content of projects from others, again and again until it is here. */
export interface Fetches {
  /** Asks for a content unless that runs, or its time has not come. */
  begin(state: ProjectState, project: ChainProject, cid: string): void;
  /** Forgets contents that nobody wants. */
  keep(state: ProjectState, wanted: ReadonlySet<string>): void;
  isDue(state: ProjectState, nowMs: number): boolean;
}

export function createFetches({ fetch, logger, signal, again }: FetchesParts): Fetches {
  return {
    begin(state, project, cid) {
      const fetching = state.fetches.get(cid) ?? { attempts: 0, retryAtMs: 0, running: false };
      state.fetches.set(cid, fetching);
      if (fetching.running || fetching.retryAtMs > Date.now()) return;
      fetching.running = true;
      fetch(project, cid, signal)
        .catch((error: unknown) => {
          fetching.attempts += 1;
          fetching.retryAtMs = Date.now() + fetchDelayMs(fetching.attempts);
          logger.info({ projectId: String(state.projectId), cid, err: error }, "content not found yet");
        })
        .finally(() => {
          fetching.running = false;
          again(state.projectId);
        });
    },
    keep(state, wanted) {
      for (const cid of state.fetches.keys()) if (!wanted.has(cid)) state.fetches.delete(cid);
    },
    isDue: ({ fetches }, nowMs) =>
      Array.from(fetches.values()).some(({ running, retryAtMs }) => !running && retryAtMs <= nowMs),
  };
}
