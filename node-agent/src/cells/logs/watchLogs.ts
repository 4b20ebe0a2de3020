import type { Logger } from "pino";
import { inBackground } from "../../background/inBackground.ts";
import { capLog } from "./capLog.ts";

export interface LogWatch {
  stop(): void;
}

/** Caps logs again and again, until stopped. `paths` is asked each time. */
export function watchLogs(options: {
  paths: () => readonly string[];
  capBytes: number;
  everyMs: number;
  logger: Logger;
}): LogWatch {
  const { paths, capBytes, everyMs, logger } = options;
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    try {
      for (const path of paths()) {
        await capLog(path, { capBytes }).catch((error: unknown) =>
          logger.warn({ err: error, path }, "cannot cap a log"),
        );
      }
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => inBackground({ logger, failed: "logs are not capped" }, look), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
