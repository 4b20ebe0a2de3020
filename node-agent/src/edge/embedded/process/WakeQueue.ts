import { LIMITS } from "./limits.ts";

/** How a wait ended: the project has another route, or none came in time. */
export type WakeOutcome = "routed" | "timeout";

interface Waiting {
  readonly waiters: Set<(outcome: WakeOutcome) => void>;
  readonly again: NodeJS.Timeout;
}

export interface WakeQueueOptions {
  readonly wake: (projectId: string) => void;
  readonly waitMs?: number;
  readonly againMs?: number;
  readonly perProject?: number;
}

/**
 * Requests that wait for a sleeping project. The agent is asked once, and again every few seconds as long as somebody
 * waits: an order that was lost is given anew.
 */
export class WakeQueue {
  readonly #options: Required<WakeQueueOptions>;
  readonly #projects = new Map<string, Waiting>();

  constructor(options: WakeQueueOptions) {
    this.#options = {
      waitMs: LIMITS.wakeMs,
      againMs: LIMITS.wakeAgainMs,
      perProject: LIMITS.waitingPerProject,
      ...options,
    };
  }

  /**
   * @param waitMs - how long, where it is not as long as for a start.
   * @returns What takes the waiter out of the queue; undefined where the queue is full, and `settle` is not called.
   */
  wait(
    projectId: string,
    settle: (outcome: WakeOutcome) => void,
    waitMs = this.#options.waitMs,
  ): (() => void) | undefined {
    const project = this.#projects.get(projectId) ?? this.#open(projectId);
    const { waiters } = project;
    if (waiters.size >= this.#options.perProject) return undefined;
    const leave = () => {
      clearTimeout(timer);
      waiters.delete(waiter);
      if (waiters.size === 0) this.#close(projectId, project);
    };
    const waiter = (outcome: WakeOutcome) => {
      leave();
      settle(outcome);
    };
    const timer = setTimeout(waiter, waitMs, "timeout");
    waiters.add(waiter);
    return leave;
  }

  /** Lets go all who wait for a project. */
  release(projectId: string): void {
    const project = this.#projects.get(projectId);
    if (project === undefined) return;
    this.#close(projectId, project);
    for (const waiter of [...project.waiters]) waiter("routed");
  }

  #open(projectId: string): Waiting {
    const { wake, againMs } = this.#options;
    const again = setInterval(wake, againMs, projectId);
    const project = { waiters: new Set<(outcome: WakeOutcome) => void>(), again };
    this.#projects.set(projectId, project);
    wake(projectId);
    return project;
  }

  #close(projectId: string, project: Waiting): void {
    clearInterval(project.again);
    if (this.#projects.get(projectId) === project) this.#projects.delete(projectId);
  }
}
