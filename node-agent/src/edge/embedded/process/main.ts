import { inspect } from "node:util";
import type { AgentMessage, ProcessMessage } from "../messages.ts";
import { EdgeWorker } from "./EdgeWorker.ts";

// A terminal's SIGINT goes to the whole group. The agent decides when an edge ends; its own end is the disconnect.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// What reads it may be gone before this process is.
process.stderr.on("error", () => {});

let worker: EdgeWorker | undefined;
let isEnding = false;

function send(message: ProcessMessage): void {
  // An agent that is gone shows as `disconnect`.
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

function end(exitCode: number): never {
  if (!isEnding) {
    isEnding = true;
    try {
      worker?.abandon();
    } catch (error) {
      // With its stack and what caused it; the agent logs each line.
      process.stderr.write(`counts could not be spooled: ${inspect(error)}\n`);
    }
  }
  process.exit(exitCode);
}

process.on("uncaughtException", (error) => {
  process.stderr.write(`the edge process ends by an error: ${inspect(error)}\n`);
  end(1);
});
process.on("disconnect", () => end(0));
process.on("message", (message: AgentMessage) => {
  if (message.type === "start") {
    worker = new EdgeWorker({ ...message, send });
    worker.listen();
    return;
  }
  // What it throws ends this process like any other error: the next one is told everything anew.
  void worker?.handle(message).then((isDone) => {
    if (!isDone) return;
    isEnding = true;
    process.exit(0);
  });
});
