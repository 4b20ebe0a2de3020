import { availableParallelism } from "node:os";
import { join } from "node:path";
import { checkSupported } from "@worker3/sdk";
import { cellBindings } from "./bindings/index.ts";
import { capabilitiesOf } from "./cells/capabilitiesOf.ts";
import { noCgroups } from "./cells/cgroup/noCgroups.ts";
import { openCgroups } from "./cells/cgroup/openCgroups.ts";
import { createCellRunner } from "./cells/createCellRunner.ts";
import { defaultCpuCores } from "./cells/defaultCpuCores.ts";
import { defaultWarmBytes } from "./cells/defaultWarmBytes.ts";
import { createIncidents } from "./cells/limits/createIncidents.ts";
import { limitsOf } from "./cells/limits/limitsOf.ts";
import { scriptBytesOf } from "./cells/limits/scriptBytesOf.ts";
import { hostNetwork } from "./cells/network/hostNetwork.ts";
import { type OpenNetworkOptions, openCellNetwork } from "./cells/network/openCellNetwork.ts";
import { requireMinimum } from "./cells/requireMinimum.ts";
import type { SandboxKind } from "./cells/sandbox/Sandbox.ts";
import { workerdBinary } from "./cells/workerdBinary.ts";
import type { ChainClock } from "./chain/chainClock.ts";
import { versionOf } from "./chain/view/chainProject.ts";
import type { AgentConfig } from "./config.ts";
import { createEdge } from "./edge/embedded/createEdge.ts";
import { createCpuBook } from "./metering/createCpuBook.ts";
import type { Meter } from "./metering/createMeter.ts";
import { createReconciler } from "./reconcile/createReconciler.ts";
import type { ReconcilerParts } from "./reconcile/Reconciler.ts";

/** The parts that visitors meet. */
export type ServingParts = Awaited<ReturnType<typeof buildServing>>;

/** What the parts that visitors meet need of the others. Tests and benchmarks play those. */
export interface ServingSources
  extends Pick<
    ReconcilerParts,
    "project" | "seat" | "denies" | "funded" | "hosts" | "content" | "fetch" | "logger" | "signal"
  > {
  readonly config: Pick<AgentConfig, "nodeId" | "stateDirectory" | "listen" | "edgeProcesses" | "cells"> & {
    readonly settlement: Pick<AgentConfig["settlement"], "serveUnpaid">;
  };
  /** Where the node's API listens. */
  readonly apiSocketPath: string;
  readonly clock: Pick<ChainClock, "epoch" | "nowMs" | "settings">;
  readonly meter: Pick<Meter, "bookReport" | "bookCpu">;
  /** The machine that the cells' network is joined to; default: this one. Tests play one. */
  readonly machine?: Pick<OpenNetworkOptions, "place" | "ownAddresses"> | undefined;
  /** Takes this sandbox or fails; default: the best that runs here. */
  readonly sandbox?: SandboxKind | undefined;
}

/**
 * Builds what visitors meet: cells with what confines them, the edge in front of them, and the reconciler that matches both
 * to what the chain wants.
 *
 * @throws {Worker3Error} `BELOW_MINIMUM`, and as `openCellNetwork` and `createCellRunner`. Nothing is left open then.
 */
export async function buildServing(sources: ServingSources) {
  const { config, clock, meter, logger } = sources;
  const { nodeId, stateDirectory } = config;
  const capabilities = capabilitiesOf({
    binary: workerdBinary(),
    bindings: cellBindings,
    scriptBytes: config.cells.scriptBytes,
  });
  await using open = new AsyncDisposableStack();

  const network = config.cells.allowHostNetwork
    ? hostNetwork()
    : await openCellNetwork({
        ...config.cells,
        ...sources.machine,
        nodeId,
        directory: join(stateDirectory, "network"),
      });
  open.defer(() => network.close());
  const cgroups = config.cells.controlGroups
    ? await openCgroups({ nodeId, recordPath: join(stateDirectory, "cgroups.json") })
    : noCgroups();
  open.defer(() => cgroups.close());

  const cpu = createCpuBook({ meter, clock });
  const incidents = createIncidents({
    logger,
    versionOf: ({ projectId, version, cid }) => versionOf(sources.project(projectId), cid) || version,
  });
  const limits = {
    ...config.cells,
    cpuCores: config.cells.cpuCores ?? defaultCpuCores(availableParallelism()),
  };
  const cells = await createCellRunner({
    nodeId,
    directory: join(stateDirectory, "cells"),
    network,
    cgroups,
    bindings: cellBindings,
    watches: { memory: "polled", cpu: "watchdog" },
    limits,
    logCapBytes: config.cells.logBytes,
    startTimeoutMs: config.cells.startTimeoutMs,
    spares: config.cells.spares,
    sandbox: sources.sandbox,
    onEnd(cell, end) {
      cpu.ended(cell);
      incidents.cellEnded(cell.spec, end);
    },
    logger,
  });
  // What the last cells used is booked when they have ended.
  open.defer(() => cpu.book(cells.cells()));
  open.defer(() => cells.close());
  requireMinimum(cells.enforces, config.cells);

  const lineSocketPath = join(stateDirectory, "watchdog.sock");
  const edge = createEdge({
    ...config.listen,
    nodeId,
    processes: config.edgeProcesses,
    apiSocketPath: sources.apiSocketPath,
    lineSocketPath,
    spoolDirectory: join(stateDirectory, "spool"),
    clock: clock.settings(),
    connectionLimits: {
      total: config.listen.connections,
      perClient: config.listen.connectionsPerClient,
      stalledMs: config.listen.stalledMs,
    },
    apiRates: config.listen.api,
    requestLimits: {
      concurrent: config.cells.concurrentRequests,
      concurrentPerClient: config.cells.concurrentPerClient,
      webSocketsPerClient: config.cells.webSocketsPerClient,
      bodyBytes: limitsOf(undefined, limits).bodyBytes,
      wallMs: config.cells.requestMs,
    },
    logger,
  });
  const reconciler = createReconciler({
    ...sources,
    edge,
    cells,
    checkContent(stored) {
      checkSupported({ manifest: stored.manifest, scriptBytes: scriptBytesOf(stored) }, capabilities);
    },
    settings: {
      ...config.cells,
      warmBytes: config.cells.warmBytes ?? defaultWarmBytes(),
      serveUnpaid: config.settlement.serveUnpaid,
    },
  });

  const opened = open.move();
  return {
    logger,
    meter,
    cells,
    edge,
    lineSocketPath,
    reconciler,
    incidents,
    cpu,
    capabilities,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
