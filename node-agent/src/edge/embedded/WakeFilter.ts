/** Drops orders to wake a project that another process gave a moment ago. */
export class WakeFilter {
  readonly #quietMs: number;
  readonly #lastMs = new Map<string, number>();

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Whether the order is to be passed on. */
  pass(projectId: string, nowMs: number): boolean {
    if (nowMs - (this.#lastMs.get(projectId) ?? Number.NEGATIVE_INFINITY) < this.#quietMs) return false;
    this.#lastMs.set(projectId, nowMs);
    return true;
  }

  /** The project has a new route: its next order counts. */
  forget(projectId: string): void {
    this.#lastMs.delete(projectId);
  }
}
