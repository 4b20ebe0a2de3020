import pLimit from "p-limit";
import type { Logger } from "pino";

export interface PassesParts {
  readonly pass: (projectId: bigint) => Promise<void>;
  /** Projects that are looked at at once. */
  readonly concurrency: number;
  readonly logger: Pick<Logger, "error">;
  readonly signal: AbortSignal;
}

/**
 * One pass of a project at a time. Who asks while one runs gets another one after it, and resolves with that. A pass
 * that fails is logged.
 */
export function createPasses(parts: PassesParts): (projectId: bigint) => Promise<void> {
  const limit = pLimit(parts.concurrency);
  const running = new Map<bigint, { again: boolean; done: Promise<void> }>();

  return (projectId) => {
    const current = running.get(projectId);
    if (current !== undefined) {
      current.again = true;
      return current.done;
    }
    const entry = { again: true, done: Promise.resolve() };
    entry.done = limit(async () => {
      try {
        while (entry.again && !parts.signal.aborted) {
          entry.again = false;
          await parts.pass(projectId);
        }
      } catch (error) {
        parts.logger.error({ projectId: String(projectId), err: error }, "a project could not be reconciled");
      } finally {
        running.delete(projectId);
      }
    });
    running.set(projectId, entry);
    return entry.done;
  };
}
