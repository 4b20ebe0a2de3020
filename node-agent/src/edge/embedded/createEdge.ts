import { createServer } from "node:net";
import { findPortHolder } from "../../process/findPortHolder.ts";
import { monotonicMs } from "../../process/monotonicMs.ts";
import type { Edge, EdgeHandlers, EdgeOptions } from "../Edge.ts";
import { EdgeError } from "../EdgeError.ts";
import { addLoads, NO_LOAD } from "../Load.ts";
import type { Refusal } from "../Refusal.ts";
import { checkRoute, type Route } from "../Route.ts";
import { agentOf } from "./agentOf.ts";
import { ListenFailure } from "./EdgeProcess.ts";
import { EdgeSlot } from "./EdgeSlot.ts";
import { createProcessRecord, untilFormerLeft } from "./formerProcesses.ts";
import type { AgentMessage } from "./messages.ts";
import { SpoolDelivery } from "./SpoolDelivery.ts";
import { WakeFilter } from "./WakeFilter.ts";

export interface EmbeddedEdgeOptions extends EdgeOptions {
  readonly processes: number;
  /** Where a process leaves counts that it could not hand over, and who they are for whoever comes after. */
  readonly spoolDirectory: string;
}

/** Below the time after which a process asks again. */
const WAKE_QUIET_MS = 4_000;

/** An edge of child processes of this agent. */
export function createEdge(options: EmbeddedEdgeOptions): Edge {
  const { host, logger, spoolDirectory } = options;
  const routes = new Map<string, Route>();
  const wakes = new WakeFilter(WAKE_QUIET_MS);
  const remembered = createProcessRecord({ directory: spoolDirectory, logger });
  const reusePort = options.processes > 1;
  let { clock, port } = options;
  let ownHosts: readonly string[] = [];
  let unknownHosts: Refusal | undefined;
  let slots: readonly EdgeSlot[] = [];
  let spool: SpoolDelivery | undefined;
  let closedEpoch = Number.NEGATIVE_INFINITY;

  function startMessage(): Extract<AgentMessage, { type: "start" }> {
    const { nodeId, apiSocketPath, lineSocketPath, requestLimits, connectionLimits, apiRates } = options;
    const served = {
      nodeId,
      ownHosts,
      unknownHosts,
      apiSocketPath,
      lineSocketPath,
      spoolDirectory,
      requestLimits,
      connectionLimits,
      apiRates,
    };
    return {
      type: "start",
      settings: { host, port, reusePort, ...served },
      clock,
      routes: [...routes.values()],
    };
  }

  function createSlot(handlers: EdgeHandlers, delivery: SpoolDelivery): EdgeSlot {
    return new EdgeSlot({
      logger,
      onStart: () => remembered.write(pids()),
      onDeath: () => void delivery.deliver(), // never rejects
      processOptions: () => ({
        onCounts: (report) => handlers.onCounts(report),
        onTrouble: (socketPath, error) => handlers.onTrouble(socketPath, error),
        onCut: (requests) => handlers.onCut(requests),
        onWake(projectId) {
          if (wakes.pass(projectId, monotonicMs())) handlers.onWake(projectId);
        },
        logger,
        start: startMessage(),
      }),
    });
  }

  function pids(): number[] {
    return slots.map((slot) => slot.process?.pid).filter((pid) => pid !== undefined);
  }

  function broadcast(message: AgentMessage): void {
    for (const slot of slots) slot.process?.send(message);
  }

  async function close(graceMs: number): Promise<void> {
    await Promise.all(slots.map((slot) => slot.close(graceMs)));
    await spool?.deliver();
    spool?.close();
    await remembered.written();
  }

  return {
    async listen(handlers) {
      await untilFormerLeft(spoolDirectory);
      const delivery = new SpoolDelivery({
        directory: spoolDirectory,
        logger,
        onCounts: (report) => handlers.onCounts(report),
      });
      spool = delivery;
      try {
        await delivery.deliver();
        // With `reusePort` the system would share the port with another program that sets it too, such as a second agent.
        if (reusePort && port !== 0) await assertFree(host, port);
        slots = Array.from({ length: options.processes }, () => createSlot(handlers, delivery));
        for (const slot of slots) ({ port } = await slot.start());
      } catch (error) {
        await close(0);
        throw await startError(error, host, port);
      }
      await remembered.written();
    },
    get url() {
      return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    },
    get port() {
      return port;
    },
    get pids() {
      return pids();
    },
    get closedEpoch() {
      if (spool?.isComplete === true && slots.length > 0)
        closedEpoch = Math.max(closedEpoch, Math.min(...slots.map((slot) => slot.closedEpoch)));
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
    setUnknownHosts(refusal) {
      if (refusal?.code === unknownHosts?.code && refusal?.message === unknownHosts?.message) return;
      unknownHosts = refusal;
      broadcast({ type: "unknownHosts", refusal });
    },
    load(socketPath) {
      return slots.map((slot) => slot.process?.load(socketPath) ?? NO_LOAD).reduce(addLoads, NO_LOAD);
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
