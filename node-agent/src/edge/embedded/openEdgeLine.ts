import { chmod, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { CutOptions } from "../Edge.ts";
import { addLoads, type Load, NO_LOAD } from "../Load.ts";
import type { LineOrder, LineReport } from "./messages.ts";

/**
 * A line to the processes of an edge beside that of the agent: for a thread that must not wait for the agent's own. They
 * call, and call again where it breaks.
 */
export interface EdgeLine {
  /** As `Edge.load`. */
  load(socketPath: string): Load;
  /** As `Edge.cut`. */
  cut(socketPath: string, options: CutOptions): Promise<void>;
  close(): Promise<void>;
}

interface Caller {
  readonly socket: Socket;
  readonly loads: Map<string, Load>;
  /** Resolve when it has cut, or is gone. */
  readonly asked: Map<number, () => void>;
}

/** Listens for an edge's processes on a unix socket; what an ended one left at the path is replaced. */
export async function openEdgeLine(socketPath: string): Promise<EdgeLine> {
  const callers = new Set<Caller>();
  let nextId = 1;

  function answer(socket: Socket): void {
    const caller: Caller = { socket, loads: new Map(), asked: new Map() };
    callers.add(caller);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      callers.delete(caller);
      for (const resolve of caller.asked.values()) resolve();
    });
    createInterface({ input: socket }).on("line", (text) => hear(caller, JSON.parse(text) as LineReport));
  }

  function hear({ loads, asked }: Caller, report: LineReport): void {
    if (report.type === "load")
      for (const { socketPath, ...load } of report.rows) loads.set(socketPath, load);
    else if (report.type === "retired") loads.delete(report.upstream);
    else {
      asked.get(report.id)?.();
      asked.delete(report.id);
    }
  }

  function ask({ socket, asked }: Caller, order: Omit<LineOrder, "id">): Promise<void> {
    return new Promise((resolve) => {
      if (socket.destroyed) return resolve();
      const id = nextId++;
      asked.set(id, resolve);
      socket.write(`${JSON.stringify({ ...order, id })}\n`);
    });
  }

  await rm(socketPath, { force: true });
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    load: (path) => [...callers].map(({ loads }) => loads.get(path) ?? NO_LOAD).reduce(addLoads, NO_LOAD),
    async cut(path, options) {
      await Promise.all(
        [...callers].map((caller) => ask(caller, { type: "cut", socketPath: path, ...options })),
      );
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket } of callers) socket.destroy();
      return closed;
    },
  };
}
