import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { inBackground } from "../background/inBackground.ts";
import type { CellRunner } from "../cells/index.ts";
import type { WatchdogParts } from "../cells/limits/startWatchdog.ts";
import type { WatchdogNews, WatchdogOrder, WatchdogSettings } from "./messages.ts";

export interface WatchdogThreadParts extends WatchdogSettings, Pick<WatchdogParts, "replace" | "onIncident"> {
  readonly cells: Pick<CellRunner, "watchCells">;
  readonly logger: Pick<Logger, "error">;
}

/** What it keeps of cells is small; a leak of its own shall end it and not the machine. */
const HEAP_MIB = 64;
/** One that died is begun anew after so long. */
const AGAIN_MS = 1_000;

/**
 * Starts the watchdog in a thread of its own, which looks at cells, tells the edge's processes what to cut and ends what
 * hangs without a turn of this one. Resolves when it watches.
 */
export async function startWatchdogThread(parts: WatchdogThreadParts): Promise<AsyncDisposable> {
  const { cells, logger } = parts;
  let isStopping = false;
  let current = begin();
  try {
    await current.isReady;
  } catch (error) {
    isStopping = true;
    throw error;
  }

  function begin() {
    const { socketPath, refusals } = parts;
    const workerData: WatchdogSettings = { socketPath, refusals };
    const main = new URL(`./main${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(main, {
      name: "watchdog",
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    const send = (order: WatchdogOrder) => worker.postMessage(order);
    const isReady = new Promise<void>((resolve, reject) => {
      worker.on("message", (news: WatchdogNews) => {
        if (news.type === "ready") resolve();
        else told(news);
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the watchdog's thread ended with ${code}`)));
    });
    const unwatch = cells.watchCells((cell) => {
      send({ type: "began", cell: cell.elsewhere() });
      void cell.gone.then(() => send({ type: "ended", id: cell.id }));
    });
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    worker.once("exit", () => unwatch());
    worker.on("error", (error) => logger.error({ err: error }, "the watchdog failed and is begun anew"));
    worker.once("exit", () => {
      if (isStopping) return;
      setTimeout(() => {
        if (isStopping) return;
        current = begin();
        // Told above, and tried again.
        current.isReady.catch(() => undefined);
      }, AGAIN_MS).unref();
    });
    return { send, isReady, exited };
  }

  /** What is done with it is told to others, whose errors are theirs. */
  function told(news: Exclude<WatchdogNews, { type: "ready" }>): void {
    if (news.type === "failed") {
      logger.error({ ...news.about, err: news.error }, news.message);
      return;
    }
    inBackground({ logger, failed: "what the watchdog told could not be acted on" }, () => {
      if (news.type === "incident") parts.onIncident(news.spec, news.incident);
      else parts.replace(news.projectId, news.socketPath);
    });
  }

  return {
    async [Symbol.asyncDispose]() {
      isStopping = true;
      const { send, exited } = current;
      send({ type: "stop" });
      await exited;
    },
  };
}
