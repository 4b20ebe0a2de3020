import { createServer } from "node:net";
import { findPortHolder } from "../../process/findPortHolder.ts";
import type { Edge, EdgeOptions } from "../Edge.ts";
import { EdgeError } from "../EdgeError.ts";
import { checkRoute, type Route } from "../Route.ts";
import { agentOf } from "./agentOf.ts";
import { ListenFailure } from "./EdgeProcess.ts";
import { EdgeSlot } from "./EdgeSlot.ts";
import type { AgentMessage } from "./messages.ts";
import { SpoolDelivery } from "./SpoolDelivery.ts";
import { WakeFilter } from "./WakeFilter.ts";

export interface StartEdgeOptions extends EdgeOptions {
  readonly processes: number;
  /** Where a process leaves counts that it could not hand over; they are booked before the start resolves. */
  readonly spoolDirectory: string;
}

/** Below the time after which a process asks again. */
const WAKE_QUIET_MS = 4_000;

/**
 * Starts the processes that hold the public socket, and books what former ones left in the spool.
 *
 * @throws {EdgeError} `PORT_IN_USE` with the address, and the pid that holds the port; `EDGE_START_FAILED`.
 */
export async function startEdge(options: StartEdgeOptions): Promise<Edge> {
  const { host, logger } = options;
  const routes = new Map<string, Route>();
  const wakes = new WakeFilter(WAKE_QUIET_MS);
  const spool = new SpoolDelivery({ ...options, directory: options.spoolDirectory });
  let { clock, ownHosts, port } = options;
  let closedEpoch = Number.NEGATIVE_INFINITY;
  const reusePort = options.processes > 1;

  const startMessage = (): Extract<AgentMessage, { type: "start" }> => {
    const { nodeId, apiSocketPath, spoolDirectory, requestLimits } = options;
    const own = { nodeId, ownHosts, apiSocketPath, spoolDirectory, requestLimits };
    const settings = { host, port, reusePort, ...own };
    return { type: "start", settings, clock, routes: [...routes.values()] };
  };
  const newSlot = () =>
    new EdgeSlot({
      logger,
      onDeath: () => void spool.deliver(), // never rejects
      processOptions: () => ({
        ...options,
        start: startMessage(),
        onWake: (projectId) => {
          if (wakes.pass(projectId, Date.now())) options.onWake(projectId);
        },
      }),
    });
  const slots = Array.from({ length: options.processes }, newSlot);
  const broadcast = (message: AgentMessage) => {
    for (const slot of slots) slot.process?.send(message);
  };
  const close = async (graceMs: number) => {
    await Promise.all(slots.map((slot) => slot.close(graceMs)));
    await spool.deliver();
    spool.close();
  };

  try {
    await spool.deliver();
    // With `reusePort` the system would share the port with another program that sets it too, such as a second agent.
    if (reusePort && port !== 0) await assertFree(host, port);
    for (const slot of slots) ({ port } = await slot.start());
  } catch (error) {
    await close(0);
    throw await startError(error, host, port);
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    get pids() {
      return slots.map((slot) => slot.process?.pid).filter((pid) => pid !== undefined);
    },
    get closedEpoch() {
      if (spool.isComplete) closedEpoch = Math.max(closedEpoch, Math.min(...slots.map((s) => s.closedEpoch)));
      return closedEpoch;
    },
    setRoutes(changed) {
      for (const route of changed) checkRoute(route);
      for (const route of changed) {
        routes.set(route.projectId, route);
        wakes.forget(route.projectId);
      }
      broadcast({ type: "routes", routes: changed });
    },
    removeRoutes(projectIds) {
      for (const projectId of projectIds) {
        routes.delete(projectId);
        wakes.forget(projectId);
      }
      broadcast({ type: "remove", projectIds });
    },
    setClock(changed) {
      clock = changed;
      broadcast({ type: "clock", clock });
    },
    setOwnHosts(changed) {
      if (changed.join() === ownHosts.join()) return;
      ownHosts = changed;
      broadcast({ type: "ownHosts", ownHosts });
    },
    load(socketPath) {
      const loads = slots.map((slot) => slot.process?.load(socketPath));
      const sum = (of: "started" | "inFlight") => loads.reduce((total, load) => total + (load?.[of] ?? 0), 0);
      return { started: sum("started"), inFlight: sum("inFlight") };
    },
    async cut(socketPath, options) {
      await Promise.all(slots.map((slot) => slot.process?.cut(socketPath, options)));
    },
    async retire(upstream, { signal } = {}) {
      const retired = Promise.all(slots.map((slot) => slot.process?.retire(upstream)));
      await Promise.race([retired, untilAborted(signal)]);
    },
    close: ({ graceMs }) => close(graceMs),
  };
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** @throws {ListenFailure} where something listens there. */
function assertFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(new ListenFailure(error.code ?? "", error.message));
    });
    probe.listen({ host, port }, () => probe.close(() => resolve()));
  });
}

async function startError(error: unknown, host: string, port: number): Promise<EdgeError> {
  const value = `${host}:${port}`;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ListenFailure && error.code === "EADDRINUSE") {
    const pid = await findPortHolder(port);
    const agent = pid === undefined ? undefined : await agentOf(pid);
    const holder = pid === undefined ? "another user's process" : `process ${pid}`;
    const toEnd = agent === undefined ? holder : `process ${agent}`;
    return new EdgeError({
      code: "PORT_IN_USE",
      message: `port ${port} is in use by ${holder}${agent === undefined ? "" : `, the edge of an agent: process ${agent}`}`,
      value,
      next: `end ${toEnd}, or set another listen.port in node.json`,
      cause: error,
    });
  }
  return new EdgeError({
    code: "EDGE_START_FAILED",
    message: `the edge could not start: ${message}`,
    value,
    next: "check listen.host and listen.port in node.json; ports below 1024 need a privilege",
    cause: error,
  });
}
