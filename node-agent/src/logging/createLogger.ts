import { type DestinationStream, type Logger, pino } from "pino";
import { errorEntry } from "./errorEntry.ts";

declare module "pino" {
  /** An error has one place in a log entry: `err`. Under these names it does not compile. */
  interface LogFnFields {
    error?: never;
    cause?: never;
    exception?: never;
  }
}

export interface CreateLoggerOptions {
  /** The least that is written: trace, debug, info, warn, error, fatal or silent. */
  readonly level?: string | undefined;
  /** Default: stderr, synchronously, so that a process that dies has said why. */
  readonly destination?: DestinationStream | undefined;
}

/**
 * The agent's log: one JSON document a line. Errors are written by `errorEntry`, under whichever name they are handed in:
 * an Error has no fields that JSON would show by itself.
 */
export function createLogger({ level = "info", destination = stderr() }: CreateLoggerOptions = {}): Logger {
  return pino(
    { level, serializers: { err: errorEntry }, formatters: { log: withErrorEntries } },
    destination,
  );
}

function stderr(): DestinationStream {
  return pino.destination({ dest: 2, sync: true });
}

function withErrorEntries(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? errorEntry(value) : value]),
  );
}
