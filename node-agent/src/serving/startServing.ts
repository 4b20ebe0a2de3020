import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inBackground } from "../background/inBackground.ts";
import { cellBindings } from "../bindings/index.ts";
import { noCgroups } from "../cells/cgroup/noCgroups.ts";
import { openCgroups } from "../cells/cgroup/openCgroups.ts";
import { defaultCpuCores } from "../cells/defaultCpuCores.ts";
import { defaultWarmBytes } from "../cells/defaultWarmBytes.ts";
import {
  type CellRunner,
  checkScriptSize,
  checkSupported,
  createCellRunner,
  createIncidents,
  type Incidents,
  type LimitCode,
  scriptBytesOf,
  startWatchdog,
  workerdBinary,
} from "../cells/index.ts";
import type { Incident } from "../cells/limits/createIncidents.ts";
import { hostNetwork } from "../cells/network/hostNetwork.ts";
import { type OpenNetworkOptions, openCellNetwork } from "../cells/network/openCellNetwork.ts";
import { requireMinimum } from "../cells/requireMinimum.ts";
import type { SandboxKind } from "../cells/sandbox/Sandbox.ts";
import type { AgentConfig } from "../config.ts";
import type { Edge } from "../edge/Edge.ts";
import type { EpochClock } from "../edge/EpochClock.ts";
import { rememberProcesses, untilFormerLeft } from "../edge/embedded/formerProcesses.ts";
import { startEdge } from "../edge/embedded/startEdge.ts";
import { createCpuSampler } from "../metering/createCpuSampler.ts";
import type { Meter } from "../metering/createMeter.ts";
import { createReconciler } from "../reconcile/createReconciler.ts";
import type { Reconciler, ReconcilerParts } from "../reconcile/Reconciler.ts";
import { limitRefusal } from "./limitRefusal.ts";

export interface ServingParts
  extends Pick<
    ReconcilerParts,
    "project" | "serves" | "funded" | "hosts" | "content" | "fetch" | "logger" | "signal"
  > {
  readonly config: Pick<AgentConfig, "nodeId" | "stateDirectory" | "listen" | "edgeProcesses" | "cells"> & {
    readonly settlement: Pick<AgentConfig["settlement"], "serveUnpaid">;
  };
  /** Names that lead to the node's API, at `apiSocketPath`. */
  readonly ownHosts: readonly string[];
  readonly apiSocketPath: string;
  /** The machine that the cells' network is joined to; default: this one. Tests play one. */
  readonly machine?: Pick<OpenNetworkOptions, "place" | "ownAddresses"> | undefined;
  /** Takes this sandbox or fails; default: the best that runs here. */
  readonly sandbox?: SandboxKind | undefined;
  readonly clock: { epoch(): number; nowMs(): number; ofEdge(): EpochClock };
  readonly meter: Pick<Meter, "bookReport" | "bookCpu">;
}

/** The part of a node that visitors meet. */
export interface Serving extends AsyncDisposable {
  readonly cells: CellRunner;
  readonly edge: Edge;
  readonly reconciler: Reconciler;
  readonly incidents: Incidents;
  /** Books the CPU time that cells used since the last call. */
  bookCpu(): void;
  /** Writes down the edge's processes for the next agent, where one was replaced. */
  rememberProcesses(): Promise<void>;
}

/** How long requests may finish when it stops. */
const STOP_GRACE_MS = 5_000;

/**
 * Starts cells, the edge in front of them, the loop that matches both to what the chain wants, and what holds cells to
 * their limits.
 *
 * @throws {Worker3Error} as `createCellRunner` and `startEdge`. Nothing is left running then.
 */
export async function startServing(parts: ServingParts): Promise<Serving> {
  const { config, clock, meter, logger } = parts;
  const { nodeId, stateDirectory } = config;
  await using undo = new AsyncDisposableStack();

  const binary = workerdBinary();
  const network = config.cells.allowHostNetwork
    ? hostNetwork()
    : await openCellNetwork({
        ...{ ...config.cells, ...parts.machine },
        ...{ nodeId, directory: join(stateDirectory, "network") },
      });
  undo.defer(() => network.close());
  const cgroups = config.cells.controlGroups
    ? await openCgroups({ nodeId, recordPath: join(stateDirectory, "cgroups.json") })
    : noCgroups();
  undo.defer(() => cgroups.close());
  const cells = await createCellRunner({
    ...{ network, cgroups, watches: { memory: "polled", cpu: "watchdog" } },
    ...{ nodeId, logger, logCapBytes: config.cells.logBytes },
    bindings: cellBindings,
    limits: { ...config.cells, cpuCores: config.cells.cpuCores ?? defaultCpuCores(availableParallelism()) },
    directory: join(stateDirectory, "cells"),
    startTimeoutMs: config.cells.startTimeoutMs,
    spares: config.cells.spares,
    ...(parts.sandbox === undefined ? {} : { sandbox: parts.sandbox }),
  });
  requireMinimum(cells.enforces, config.cells);
  const sampler = createCpuSampler();
  const bookCpu = () => {
    const used = sampler.sampleCpu(cells.cells().map(cpuSource));
    const at = { epoch: clock.epoch(), minuteMs: clock.nowMs() };
    if (used.length === 0) return;
    try {
      meter.bookCpu(used.map((delta) => ({ ...delta, ...at })));
    } catch (error) {
      sampler.giveBack(used);
      throw error;
    }
  };
  undo.defer(bookCpu);
  undo.defer(() => cells.close());

  const incidents = createIncidents();
  const tell = ({ projectId, version, code, message }: Incident) => {
    incidents.add({ projectId, version, code, message });
    logger.warn({ projectId: String(projectId), version, code, message }, "a limit was reached");
  };
  const spoolDirectory = join(stateDirectory, "spool");
  await untilFormerLeft(spoolDirectory);
  // What a former edge left is booked while the reconciler is not there yet.
  let touch: (projectId: bigint) => void = () => {};
  const edge = await startEdge({
    ...config.listen,
    ...{ nodeId, ownHosts: parts.ownHosts, apiSocketPath: parts.apiSocketPath, spoolDirectory, logger },
    processes: config.edgeProcesses,
    clock: clock.ofEdge(),
    requestLimits: { concurrent: config.cells.concurrentRequests, wallMs: config.cells.requestMs },
    onCounts(report) {
      if (!meter.bookReport(report)) return;
      for (const { projectId } of report.counts) touch(BigInt(projectId));
    },
    onWake: (projectId) => reconciler.wake(BigInt(projectId)),
    onTrouble: (socketPath, reason) => logger.warn({ socketPath, reason }, "a cell does not answer"),
    onCut(requests) {
      for (const request of requests) {
        logger.warn(request, "a request was cut off");
        const { projectId, code } = request;
        incidents.addRequest({ ...request, projectId: BigInt(projectId), code: code as LimitCode });
      }
    },
  });
  undo.defer(() => edge.close({ graceMs: STOP_GRACE_MS }));
  let remembered = edge.pids;
  await rememberProcesses(spoolDirectory, remembered);

  const reconciler = createReconciler({
    ...parts,
    edge,
    checkContent(stored) {
      checkSupported(stored.manifest, { ...binary, bindings: cellBindings });
      checkScriptSize(scriptBytesOf(stored), config.cells.scriptBytes);
    },
    cells: {
      async start(spec, options) {
        const cell = await cells.start(spec, options);
        inBackground({ logger, failed: "a cell's end could not be booked" }, async () => {
          const { outOfMemory } = await cell.gone;
          sampler.ended(cpuSource(cell));
          if (outOfMemory) tell({ ...spec, code: "MEMORY_LIMIT", message: "the kernel ended it" });
        });
        return cell;
      },
    },
    settings: {
      ...config.cells,
      warmBytes: config.cells.warmBytes ?? defaultWarmBytes(),
      serveUnpaid: config.settlement.serveUnpaid,
    },
  });
  touch = reconciler.touch;

  const watchdog = startWatchdog({
    cells: cells.cells,
    load: edge.load,
    cut: (socketPath, { minAgeMs, limit }) =>
      edge.cut(socketPath, { minAgeMs, refusal: limitRefusal(limit) }),
    replace: reconciler.replace,
    onIncident: tell,
    logger,
  });
  undo.defer(() => watchdog.stop());

  const running = undo.move();
  return {
    ...{ cells, edge, reconciler, incidents, bookCpu },
    async rememberProcesses() {
      const { pids } = edge;
      if (pids.join() === remembered.join()) return;
      await rememberProcesses(spoolDirectory, pids);
      remembered = pids;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function cpuSource(cell: { id: string; spec: { projectId: bigint }; cpuMs(): number }) {
  return { id: cell.id, projectId: cell.spec.projectId, cpuMs: () => cell.cpuMs() };
}
