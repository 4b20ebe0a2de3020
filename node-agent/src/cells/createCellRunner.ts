import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { checkSupported } from "@worker3/sdk";
import type { Logger } from "pino";
import { inBackground } from "../background/inBackground.ts";
import type { Cell, CellEnd, CellSpec } from "./Cell.ts";
import { CellError } from "./CellError.ts";
import type { CellRunner } from "./CellRunner.ts";
import { capabilitiesOf } from "./capabilitiesOf.ts";
import { configTextOf } from "./cellProgram.ts";
import type { Cgroups } from "./cgroup/Cgroups.ts";
import { noCgroups } from "./cgroup/noCgroups.ts";
import type { CellBinding } from "./config/CellBinding.ts";
import { type EnforcesOptions, enforcesOf } from "./enforcesOf.ts";
import { cgroupLimitsOf } from "./limits/cgroupLimitsOf.ts";
import { type LimitSettings, limitsOf } from "./limits/limitsOf.ts";
import { watchLogs } from "./logs/watchLogs.ts";
import type { CellNetwork } from "./network/CellNetwork.ts";
import { hostNetwork } from "./network/hostNetwork.ts";
import type { RunningCell } from "./RunningCell.ts";
import { cellPaths, checkDirectoryLength, newCellId } from "./records/cellDirectories.ts";
import { clearLeftovers } from "./records/clearLeftovers.ts";
import { chooseSandbox } from "./sandbox/chooseSandbox.ts";
import type { SandboxKind } from "./sandbox/Sandbox.ts";
import { createSpares, type Spares, type SparesOptions } from "./spares/createSpares.ts";
import { startCell } from "./startCell.ts";
import { workerdBinary } from "./workerdBinary.ts";

/** What closing gives cells to finish. */
const CLOSE_GRACE_MS = 2_000;
const LOG_CHECK_MS = 500;
const DEFAULT_SPARES = 2;
const MOST = Number.MAX_SAFE_INTEGER;

export interface CellRunnerOptions {
  /** Where cells have their sockets, logs and records; made if missing. One agent at a time. */
  readonly directory: string;
  /** What versions may use. */
  readonly limits: LimitSettings;
  /** The kinds of bindings that cells have. */
  readonly bindings: readonly CellBinding[];
  /** From the start of a process until it must be ready. */
  readonly startTimeoutMs: number;
  readonly logger: Logger;
  readonly nodeId: number;
  /** Takes this sandbox or fails; default: the best that runs here. */
  readonly sandbox?: SandboxKind | undefined;
  /** Processes started ahead where `bwrap` runs; default: 2. */
  readonly spares?: number | undefined;
  /** The network that cells are in; default: the machine's. It outlives the runner. */
  readonly network?: CellNetwork;
  /** Where cells get control groups; default: nowhere. They outlive the runner. */
  readonly cgroups?: Cgroups;
  /** What the agent itself watches over where the kernel does not; for `enforces`. */
  readonly watches?: EnforcesOptions["agent"];
  /** Size of a cell's log above which older lines are dropped. It is looked at twice a second. */
  readonly logCapBytes?: number;
  /** A cell that was warm has ended, whatever the reason. */
  readonly onEnd?: (cell: Cell, end: CellEnd) => void;
}

/**
 * Prepares this machine to run cells: finds the sandbox by trying it, and ends what an earlier agent left behind.
 *
 * @throws {CellError} `CELL_DIRECTORY_TOO_LONG`, `SANDBOX_UNAVAILABLE`, `CELL_START_FAILED` (workerd does not run here),
 *   `LEFTOVER_STUCK`.
 */
export async function createCellRunner(options: CellRunnerOptions): Promise<CellRunner> {
  const { startTimeoutMs, limits, bindings, logCapBytes = 1024 * 1024 } = options;
  const { network = hostNetwork(), cgroups = noCgroups() } = options;
  const directory = resolve(options.directory);
  const logger = options.logger.child({ part: "cells", nodeId: options.nodeId });
  checkDirectoryLength(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await clearLeftovers(directory, logger);

  const binary = workerdBinary();
  const capabilities = capabilitiesOf({ binary, bindings });
  const { wrap, resolvConf } = network;
  const choice = await chooseSandbox({ workerd: binary.path, only: options.sandbox, wrap, resolvConf });
  const enforces = enforcesOf({ choice, network, cgroups, agent: options.watches });
  for (const note of enforces.notes) logger.warn(note);

  const spares = await sparesOf(options, {
    directory,
    sandbox: choice.sandbox,
    cgroups,
    // Whoever gets it may use less: the watchdog sees to that.
    limits: cgroupLimitsOf(limitsOf({ cpuMs: MOST, memoryMiB: MOST }, limits)),
    workerd: binary.path,
    logger,
  });
  const running = new Set<RunningCell>();
  const starting = new Set<Promise<unknown>>();
  const watchers = new Set<(cell: Cell) => void>();
  const closing = new AbortController();
  const logs = watchLogs({
    paths: () => Array.from(running, (cell) => cell.logPath),
    capBytes: logCapBytes,
    everyMs: LOG_CHECK_MS,
    logger,
  });

  async function start(spec: CellSpec, signals: AbortSignal[]): Promise<RunningCell> {
    checkSupported(spec, capabilities);
    const signal = AbortSignal.any([closing.signal, ...signals]);
    const cell = await startCell({
      directory,
      sandbox: choice.sandbox,
      bindings,
      spares,
      cgroups,
      spec,
      limits: limitsOf(spec.manifest.limits, limits),
      timeoutMs: startTimeoutMs,
      signal,
    });
    running.add(cell);
    for (const onCell of watchers) onCell(cell);
    const about = { cell: cell.id, projectId: String(spec.projectId), version: spec.version, pid: cell.pid };
    logger.info(about, "cell is ready");
    inBackground({ logger, failed: "a cell's end could not be acted on", about }, async () => {
      const end = await cell.gone;
      const { reason, limit, code, signal } = end;
      running.delete(cell);
      logger[reason === "stopped" ? "info" : "warn"]({ ...about, limit, code, signal }, `cell ${reason}`);
      options.onEnd?.(cell, end);
    });
    return cell;
  }

  return {
    enforces,
    cells: () => [...running],
    watchCells(onCell) {
      watchers.add(onCell);
      for (const cell of running) onCell(cell);
      return () => void watchers.delete(onCell);
    },
    async start(spec, { signal } = {}) {
      const attempt = start(spec, signal === undefined ? [] : [signal]);
      starting.add(attempt);
      return attempt.finally(() => starting.delete(attempt));
    },
    async prepare({ cid, folder, manifest }) {
      if (spares === undefined) return;
      const { config, sockets } = cellPaths(directory, newCellId());
      const inside = choice.sandbox.inside({ folder, config, sockets });
      await spares.compile({ cid, folder, text: await configTextOf({ manifest, folder, bindings, inside }) });
    },
    async close() {
      closing.abort(new CellError({ code: "CELLS_CLOSED", message: "the node is stopping" }));
      await Promise.allSettled(starting);
      await spares?.close();
      await Promise.all(Array.from(running, (cell) => cell.stop({ graceMs: CLOSE_GRACE_MS })));
      logs.stop();
    },
  };
}

/**
 * Only in `bwrap` a configuration names the same paths in every cell, so that it can be compiled ahead. Elsewhere a start
 * is as fast without.
 */
async function sparesOf(
  { spares = DEFAULT_SPARES }: CellRunnerOptions,
  parts: Omit<SparesOptions, "count">,
): Promise<Spares | undefined> {
  if (spares === 0 || parts.sandbox.kind !== "bwrap") return undefined;
  return createSpares({ ...parts, count: spares });
}
