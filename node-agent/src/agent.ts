import type { Logger } from "pino";
import type { AgentConfig } from "./config.ts";
import { startLoop } from "./loop.ts";
import { buildParts } from "./parts.ts";
import { boundHeap } from "./process/boundHeap.ts";

export interface StartAgentOptions {
  readonly logger: Logger;
}

/** A node that serves. */
export interface RunningAgent {
  readonly nodeId: number;
  readonly url: string;
  readonly port: number;
  /** Takes nothing new, lets requests finish, books the last counts and ends every process. Idempotent. */
  stop(): Promise<void>;
  /** Settles when it stopped. */
  readonly done: Promise<void>;
}

/**
 * Starts a node: builds its parts, then lets the loop run.
 *
 * @throws {Worker3Error} `LEDGER_IN_USE`, `LEDGER_DAMAGED`, `NODE_RUNNING`, `PORT_IN_USE`, `OPERATOR_KEY_UNREADABLE`,
 *   `OPERATOR_KEY_WRONG`, `CELL_DIRECTORY_TOO_LONG`, `BELOW_MINIMUM`, and what else keeps a part from starting. Nothing is left running then.
 */
export async function startAgent(config: AgentConfig, { logger }: StartAgentOptions): Promise<RunningAgent> {
  boundHeap();
  const stopping = new AbortController();
  const running = new AsyncDisposableStack();
  // What runs by itself ends first; then the parts are closed, the newest first.
  const stop = async (reason: unknown) => {
    stopping.abort(reason);
    await running.disposeAsync();
  };
  try {
    const parts = running.use(await buildParts(config, { logger, signal: stopping.signal }));
    running.use(await startLoop(parts, stopping.signal));
    const { edge } = parts.serving;
    const done = Promise.withResolvers<void>();
    let isStopping = false;
    return {
      nodeId: config.nodeId,
      url: edge.url,
      port: edge.port,
      done: done.promise,
      stop() {
        if (!isStopping) {
          isStopping = true;
          stop(new Error("the agent stops")).then(done.resolve, done.reject);
        }
        return done.promise;
      },
    };
  } catch (error) {
    await stop(error);
    throw error;
  }
}
