import { Worker3Error } from "@worker3/sdk";
import type { Trouble } from "./ProjectState.ts";

/** What visitors are told of an error, and when the agent looks again. */
export function troubleOf(error: unknown, retryMs: number): Trouble {
  const known = error instanceof Worker3Error ? error : undefined;
  return {
    status: 503,
    code: known?.code ?? "INTERNAL",
    message: known?.message ?? "This node cannot serve the version.",
    retryAtMs: Date.now() + retryMs,
  };
}

/** An error for the log. */
export function documentOf(error: unknown): object {
  return error instanceof Worker3Error ? error.toJSON() : { error };
}
