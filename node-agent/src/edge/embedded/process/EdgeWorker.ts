import type { Server } from "node:http";
import type { Socket } from "node:net";
import { inspect } from "node:util";
import { monotonicMs } from "../../../process/monotonicMs.ts";
import { Counter } from "../../common/Counter.ts";
import { chooseCut } from "../../common/chooseCut.ts";
import { Reporter } from "../../common/Reporter.ts";
import type { EpochClock } from "../../EpochClock.ts";
import type { CutRequest } from "../../Load.ts";
import type { Refusal } from "../../Refusal.ts";
import type { Route } from "../../Route.ts";
import type { AgentMessage, EdgeProcessSettings, ProcessMessage } from "../messages.ts";
import { Connections } from "./Connections.ts";
import { createEdgeServer } from "./createEdgeServer.ts";
import type { EdgeContext } from "./EdgeContext.ts";
import { Egress } from "./Egress.ts";
import { LIMITS } from "./limits.ts";
import { OwnHostRates } from "./OwnHostRates.ts";
import { RouteTable } from "./RouteTable.ts";
import { StallWatch } from "./StallWatch.ts";
import { readSendQueues, readSendQueuesAside } from "./sendQueues.ts";
import { type Occupant, Upstreams } from "./Upstreams.ts";
import { WakeQueue } from "./WakeQueue.ts";
import { WatchLine } from "./WatchLine.ts";
import { writeSpool } from "./writeSpool.ts";

export interface EdgeWorkerOptions {
  readonly settings: EdgeProcessSettings;
  readonly clock: EpochClock;
  readonly routes: readonly Route[];
  readonly send: (message: ProcessMessage) => void;
}

const POLL_MS = 20;
/** An upstream that fails thousands of times a second is reported so often. */
const TROUBLE_MS = 1_000;
const FAULT_MS = 60_000;

/** One edge process: its parts, and what the agent tells it. */
export class EdgeWorker {
  readonly #options: EdgeWorkerOptions;
  readonly #edge: EdgeContext;
  readonly #reporter: Reporter;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #stalls: StallWatch;
  readonly #line: WatchLine | undefined;
  readonly #troubles = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #faultMs = Number.NEGATIVE_INFINITY;

  constructor(options: EdgeWorkerOptions) {
    this.#options = options;
    const { settings, send } = options;
    const counter = new Counter(options.clock);
    const upstreams = new Upstreams(settings.requestLimits);
    this.#edge = {
      nodeId: settings.nodeId,
      ownHosts: new Set(settings.ownHosts),
      unknownHosts: settings.unknownHosts,
      apiSocketPath: settings.apiSocketPath,
      requestLimits: settings.requestLimits,
      connections: new Connections(settings.connectionLimits),
      ownHostRates: new OwnHostRates(settings.apiRates),
      routes: new RouteTable(),
      wakes: new WakeQueue({ wake: (projectId) => send({ type: "wake", projectId }) }),
      upstreams,
      counter,
      egress: new Egress({
        charge: (projectId, bytes) => counter.addEgress(projectId, bytes),
        readQueues: readSendQueues,
        readQueuesAside: readSendQueuesAside,
      }),
      trouble: (upstream, error) => this.#trouble(upstream, error),
      fault: (error) => this.#fault(error),
      isClosing: false,
    };
    this.#reporter = new Reporter({
      counter,
      send: (report) => send({ type: "counts", report }),
    });
    const { stalledMs } = settings.connectionLimits;
    this.#stalls = new StallWatch({ sockets: () => this.#sockets, stalledMs });
    const { lineSocketPath } = settings;
    this.#line =
      lineSocketPath === undefined
        ? undefined
        : new WatchLine({
            socketPath: lineSocketPath,
            loads: () => upstreams.toldLoad(),
            onCut: (order) => send({ type: "cut", requests: this.#cutAtUpstream(order) }),
          });
    this.#server = createEdgeServer(this.#edge);
    this.#server.on("connection", (socket) => {
      if (this.#sockets.has(socket)) return;
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#setRoutes(options.routes);
  }

  /** Listens, and tells the agent where or why not. */
  listen(): void {
    const { settings, send } = this.#options;
    this.#server.once("error", (error: NodeJS.ErrnoException) => {
      send({ type: "failed", code: error.code ?? "", message: error.message });
    });
    const { host, port, reusePort } = settings;
    this.#server.listen({ host, port, reusePort, backlog: 4_096 }, () => {
      const address = this.#server.address();
      send({
        type: "listening",
        port: typeof address === "object" && address !== null ? address.port : port,
        reporter: this.#reporter.id,
        closedEpoch: this.#edge.counter.closedEpoch,
      });
      this.#timers.push(
        setInterval(() => void this.#edge.egress.lookAside(), LIMITS.egressMs),
        setInterval(() => this.#reporter.tick(), LIMITS.reportMs),
        setInterval(() => this.#tellLoad(), LIMITS.loadMs),
        setInterval(() => this.#cutOverdue(), LIMITS.reportMs),
        setInterval(() => this.#stalls.look(performance.now()), this.#stalls.lookMs),
      );
    });
  }

  /** @returns Whether the process is done. */
  async handle(message: Exclude<AgentMessage, { type: "start" }>): Promise<boolean> {
    switch (message.type) {
      case "routes":
        this.#setRoutes(message.routes);
        return false;
      case "remove":
        for (const projectId of message.projectIds) this.#remove(projectId);
        return false;
      case "clock":
        this.#edge.counter.setClock(message.clock);
        return false;
      case "ownHosts":
        this.#edge.ownHosts = new Set(message.ownHosts);
        return false;
      case "unknownHosts":
        this.#edge.unknownHosts = message.refusal;
        return false;
      case "answer":
        this.#reporter.answered(message.sequence, message.booked);
        return false;
      case "cut":
        this.#options.send({ type: "cut", id: message.id, requests: this.#cutAtUpstream(message) });
        return false;
      case "retire":
        await this.#edge.upstreams.retire(message.upstream);
        this.#line?.tell({ type: "retired", upstream: message.upstream });
        this.#options.send({ type: "retired", id: message.id });
        return false;
      case "close":
        await this.#close(message.graceMs);
        return true;
    }
  }

  /** Without an agent nothing may be served: cuts everything at once and leaves the counts on the disk. */
  abandon(): void {
    this.#stopTimers();
    this.#server.close();
    this.#edge.egress.look();
    this.#cut();
    writeSpool(this.#options.settings.spoolDirectory, this.#reporter.unacknowledged());
  }

  #tellLoad(): void {
    const rows = this.#edge.upstreams.changedLoad();
    if (rows.length === 0) return;
    this.#options.send({ type: "load", rows });
    this.#line?.tell({ type: "load", rows });
  }

  #cutOverdue(): void {
    const { wallMs } = this.#edge.requestLimits;
    const message = `the request took longer than ${wallMs} ms`;
    const underWay = this.#edge.upstreams.underWay().filter(({ isWebSocket }) => !isWebSocket);
    const overdue = chooseCut(underWay, { by: "age", minAgeMs: wallMs }, performance.now());
    const requests = cutVisits(overdue, { status: 504, code: "WALL_LIMIT", message });
    if (requests.length > 0) this.#options.send({ type: "cut", requests });
  }

  #cutAtUpstream(order: Extract<AgentMessage, { type: "cut" }>): CutRequest[] {
    const { socketPath, choice, refusal, isEnding } = order;
    const { upstreams } = this.#edge;
    if (isEnding) upstreams.end(socketPath, refusal);
    const visits = chooseCut(upstreams.underWay(socketPath), choice, performance.now());
    return cutVisits(visits, refusal);
  }

  #setRoutes(routes: readonly Route[]): void {
    for (const route of routes) this.#edge.routes.set(route);
    for (const { projectId, target } of routes) {
      if (target.kind !== "sleeping") this.#edge.wakes.release(projectId);
    }
  }

  #remove(projectId: string): void {
    this.#edge.routes.remove(projectId);
    this.#edge.wakes.release(projectId);
  }

  async #close(graceMs: number): Promise<void> {
    this.#edge.isClosing = true;
    this.#server.close();
    const isServed = () => this.#sockets.size === 0;
    await until(isServed, graceMs, () => this.#server.closeIdleConnections());
    this.#edge.egress.look();
    this.#cut();
    this.#stopTimers();
    if (await until(() => this.#reporter.flush(), LIMITS.lastReportMs)) return;
    writeSpool(this.#options.settings.spoolDirectory, this.#reporter.unacknowledged());
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#line?.close();
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Visitors may bring it about as often as they like. */
  #fault(error: unknown): void {
    const now = monotonicMs();
    if (now - this.#faultMs < FAULT_MS) return;
    this.#faultMs = now;
    // With its stack; the agent logs each line.
    process.stderr.write(`a visitor's connection was cut by an error of this process: ${inspect(error)}\n`);
  }

  #trouble(upstream: string, error: string): void {
    const now = monotonicMs();
    if (now - (this.#troubles.get(upstream) ?? 0) < TROUBLE_MS) return;
    // Socket paths are used once; forgetting all of them costs no more than a message too many.
    if (this.#troubles.size > 1_000) this.#troubles.clear();
    this.#troubles.set(upstream, now);
    this.#options.send({ type: "trouble", upstream, error });
  }
}

function cutVisits(visits: readonly Occupant[], refusal: Refusal): CutRequest[] {
  return visits.map((visit) => visit.cut(refusal)).filter((request) => request !== undefined);
}

/** Polls until `isDone`; false where it is not after `limitMs`. */
async function until(isDone: () => boolean, limitMs: number, step?: () => void): Promise<boolean> {
  const deadline = monotonicMs() + limitMs;
  while (!isDone()) {
    if (monotonicMs() >= deadline) return false;
    step?.();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
