import type { Logger } from "pino";
import { retryDelayMs, type Waits } from "../background/backoff.ts";
import type { ChainProject } from "../chain/view/chainProject.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
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

/** Between two tries for a content. */
const WAITS: Waits = { firstMs: 500, mostMs: 600_000 };

export function createFetches({ fetch, logger, signal, again }: FetchesParts): Fetches {
  return {
    begin(state, project, cid) {
      const fetching = state.fetches.get(cid) ?? { attempts: 0, retryAtMs: 0, running: false };
      state.fetches.set(cid, fetching);
      if (fetching.running || fetching.retryAtMs > monotonicMs()) return;
      fetching.running = true;
      const work = async () => fetch(project, cid, signal);
      work()
        .catch((error: unknown) => {
          fetching.retryAtMs = monotonicMs() + retryDelayMs(WAITS, fetching.attempts, Math.random());
          fetching.attempts += 1;
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
