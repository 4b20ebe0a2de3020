/** The watchdog's thread: whatever holds up the agent's own, cells are held to their limits. */
import { parentPort, workerData } from "node:worker_threads";
import { startWatchdog } from "../cells/limits/startWatchdog.ts";
import { watchElsewhere } from "../cells/limits/watchElsewhere.ts";
import { openEdgeLine } from "../edge/embedded/openEdgeLine.ts";
import type { WatchdogNews, WatchdogOrder, WatchdogSettings } from "./messages.ts";

const settings = workerData as WatchdogSettings;
const tell = (news: WatchdogNews): void => parentPort?.postMessage(news);

const line = await openEdgeLine(settings.socketPath);
const cells = new Map<string, ReturnType<typeof watchElsewhere>>();
const watchdog = startWatchdog({
  cells: () => [...cells.values()],
  load: line.load,
  cut: (socketPath, { limit, ...how }) => line.cut(socketPath, { ...how, refusal: settings.refusals[limit] }),
  replace: (projectId, socketPath) => tell({ type: "replace", projectId, socketPath }),
  onIncident: (spec, incident) => tell({ type: "incident", spec, incident }),
  logger: {
    error({ err: error, ...about }: { err?: unknown }, message = "") {
      tell({ type: "failed", message, error, about });
    },
  },
});

async function stop(): Promise<void> {
  watchdog.stop();
  await line.close();
  parentPort?.close();
}

parentPort?.on("message", (order: WatchdogOrder) => {
  if (order.type === "began") {
    const { cell } = order;
    cells.set(
      cell.id,
      watchElsewhere(cell, () => !cells.has(cell.id)),
    );
  } else if (order.type === "ended") cells.delete(order.id);
  else void stop();
});
tell({ type: "ready" });
