import type { Logger } from "pino";

/**
 * The last net of a process that runs an agent: a promise whose rejection nobody handles is a bug, and is logged with its
 * stack as one, but does not end the node and what it serves. What the agent does is level-triggered, so whatever was lost
 * with it is looked at again.
 */
export function surviveRejections(logger: Pick<Logger, "error">): void {
  process.on("unhandledRejection", (reason) =>
    logger.error({ err: reason }, "work that nobody waits for failed; this is a bug"),
  );
}
