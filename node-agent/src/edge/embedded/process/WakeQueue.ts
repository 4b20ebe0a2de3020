import { LIMITS } from "./limits.ts";

/** How a wait ended: the project has another route, or none came in time. */
export type WakeOutcome = "routed" | "timeout";

interface Waiting {
  readonly projectId: string;
  readonly waiters: Set<(outcome: WakeOutcome) => void>;
  /** Who waits, with how many requests. */
  readonly clients: Map<string, number>;
  /** Asks the agent again and again; undefined while it is nobody's turn to have this project woken. */
  again: NodeJS.Timeout | undefined;
  /** Whose turn it was. */
  orderedBy: string | undefined;
}

export interface WakeQueueOptions {
  readonly wake: (projectId: string) => void;
  readonly waitMs?: number;
  readonly againMs?: number;
  readonly perProject?: number;
  readonly perClient?: number;
  readonly wakesPerClient?: number;
}

export interface WaitOptions {
  /** The visitor's network. */
  readonly client: string;
  /** How long, where it is not as long as for a start. */
  readonly waitMs?: number | undefined;
}

/**
 * Requests that wait for a sleeping project. The agent is asked once, and again every few seconds as long as somebody
 * waits: an order that was lost is given anew. One client has so many projects woken at once; for more it waits until
 * one of those is there, so that whoever else comes waits for no more than those.
 */
export class WakeQueue {
  readonly #options: Required<WakeQueueOptions>;
  readonly #projects = new Map<string, Waiting>();
  /** How many projects are being woken for whom. */
  readonly #ordered = new Map<string, number>();

  constructor(options: WakeQueueOptions) {
    this.#options = {
      waitMs: LIMITS.wakeMs,
      againMs: LIMITS.wakeAgainMs,
      perProject: LIMITS.waitingPerProject,
      perClient: LIMITS.waitingPerClient,
      wakesPerClient: LIMITS.wakesPerClient,
      ...options,
    };
  }

  /** @returns What takes the waiter out of the queue; undefined where there is no place, and `settle` is not called. */
  wait(
    projectId: string,
    settle: (outcome: WakeOutcome) => void,
    { client, waitMs = this.#options.waitMs }: WaitOptions,
  ): (() => void) | undefined {
    const project = this.#projects.get(projectId) ?? this.#open(projectId);
    const { waiters, clients } = project;
    const { perProject, perClient } = this.#options;
    const own = clients.get(client) ?? 0;
    if (waiters.size >= perProject || own >= perClient) return undefined;
    const leave = () => {
      clearTimeout(timer);
      waiters.delete(waiter);
      const left = (clients.get(client) ?? 1) - 1;
      if (left === 0) clients.delete(client);
      else clients.set(client, left);
      if (waiters.size === 0) this.#close(project);
    };
    const waiter = (outcome: WakeOutcome) => {
      leave();
      settle(outcome);
    };
    const timer = setTimeout(waiter, waitMs, "timeout");
    waiters.add(waiter);
    clients.set(client, own + 1);
    this.#order(project, client);
    return leave;
  }

  /** Lets go all who wait for a project. */
  release(projectId: string): void {
    const project = this.#projects.get(projectId);
    if (project === undefined) return;
    this.#close(project);
    for (const waiter of [...project.waiters]) waiter("routed");
  }

  #open(projectId: string): Waiting {
    const project: Waiting = {
      projectId,
      waiters: new Set(),
      clients: new Map(),
      again: undefined,
      orderedBy: undefined,
    };
    this.#projects.set(projectId, project);
    return project;
  }

  /** Has the agent asked, unless it is already or this client has as many woken as it may. */
  #order(project: Waiting, client: string): void {
    const { wake, againMs, wakesPerClient } = this.#options;
    const ordered = this.#ordered.get(client) ?? 0;
    if (project.orderedBy !== undefined || ordered >= wakesPerClient) return;
    this.#ordered.set(client, ordered + 1);
    project.orderedBy = client;
    project.again = setInterval(wake, againMs, project.projectId);
    wake(project.projectId);
  }

  #close(project: Waiting): void {
    clearInterval(project.again);
    const { projectId, orderedBy } = project;
    if (this.#projects.get(projectId) !== project) return;
    this.#projects.delete(projectId);
    if (orderedBy === undefined) return;
    const left = (this.#ordered.get(orderedBy) ?? 1) - 1;
    if (left === 0) this.#ordered.delete(orderedBy);
    else this.#ordered.set(orderedBy, left);
    for (const other of this.#projects.values()) {
      if (other.orderedBy !== undefined || !other.clients.has(orderedBy)) continue;
      this.#order(other, orderedBy);
      return;
    }
  }
}
