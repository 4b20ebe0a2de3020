import { Worker3Error } from "@worker3/sdk";
import { type Health, WINDOW_MS } from "./breaker.ts";
import type { Trouble } from "./ProjectState.ts";

/** What visitors are told of an error, and when the agent looks again (`monotonicMs`). */
export function troubleOf(error: unknown, retryAtMs: number): Trouble {
  const known = error instanceof Worker3Error ? error : undefined;
  return {
    status: 503,
    code: known?.code ?? "INTERNAL",
    message: known?.message ?? "This node cannot serve the version.",
    retryAtMs,
    log: known?.value,
  };
}

/** What visitors of a failing version are told, and its owner of the cell that died last. */
export function failingTrouble({ deathsMs, restUntilMs }: Health, log: string, nowMs: number): Trouble {
  return {
    status: 503,
    code: "CELL_FAILING",
    message: `This version ended by itself ${deathsMs.length} times within ${WINDOW_MS / 1000} seconds.`,
    retryAfterSeconds: Math.ceil((restUntilMs - nowMs) / 1000),
    retryAtMs: restUntilMs,
    log,
  };
}
