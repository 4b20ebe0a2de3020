import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellSpec } from "./Cell.ts";
import { CellError } from "./CellError.ts";
import { configTextOf, serveArguments } from "./cellProgram.ts";
import type { CellGroup, Cgroups } from "./cgroup/Cgroups.ts";
import type { CellBinding } from "./config/CellBinding.ts";
import type { CellLimits } from "./limits/CellLimits.ts";
import { cgroupLimitsOf } from "./limits/cgroupLimitsOf.ts";
import { readTail } from "./logs/readTail.ts";
import { CellProcess, ProcessEnded } from "./process/CellProcess.ts";
import { type CellInMaking, LOG_TAIL_BYTES, RunningCell } from "./RunningCell.ts";
import { writeRecord } from "./records/CellRecord.ts";
import { cellPaths, newCellId, SOCKETS, TENANT_SOCKET } from "./records/cellDirectories.ts";
import { giveToUser } from "./sandbox/giveToUser.ts";
import type { CellFiles, Sandbox } from "./sandbox/Sandbox.ts";
import type { Spares } from "./spares/createSpares.ts";

export interface StartCellOptions {
  /** Where cells have their directories. */
  readonly directory: string;
  readonly sandbox: Sandbox;
  /** The kinds of bindings that cells have. */
  readonly bindings: readonly CellBinding[];
  /** Processes that wait for a configuration; absent where there are none. */
  readonly spares?: Pick<Spares, "take"> | undefined;
  readonly cgroups: Cgroups;
  readonly spec: CellSpec;
  readonly limits: CellLimits;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Starts the process of a cell, or gives its configuration to one that waits, until it accepts connections.
 *
 * @throws {CellError} what a binding throws, `CELL_START_FAILED`, `CELL_START_TIMEOUT`; or the signal's reason.
 *   Nothing is left then.
 */
export async function startCell(options: StartCellOptions): Promise<RunningCell> {
  const { spec, limits, timeoutMs } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  const id = newCellId();
  let paths = cellPaths(options.directory, id);
  let group: CellGroup | undefined;
  try {
    signal.throwIfAborted();
    const files: CellFiles = { folder: spec.folder, config: paths.config, sockets: paths.sockets };
    const { manifest, folder } = spec;
    const inside = options.sandbox.inside(files);
    const text = await configTextOf({ manifest, folder, bindings: options.bindings, inside });
    const make = async (): Promise<CellInMaking> => {
      group = await options.cgroups.create(id, cgroupLimitsOf(limits));
      return { id, paths, group, process: await spawnCell(paths, text, files, group, options.sandbox) };
    };
    const making = (await options.spares?.take({ spec, text })) ?? (await make());
    const { process } = making;
    ({ paths, group } = making);
    try {
      const identity = await process.ready({
        signal,
        known: (known) =>
          writeRecord(paths.home, known, {
            projectId: spec.projectId,
            version: spec.version,
            socketPath: join(paths.sockets, TENANT_SOCKET),
          }),
      });
      return new RunningCell({ id: making.id, spec, limits, paths, identity, group, exit: process.exit });
    } catch (error) {
      await process.kill();
      throw error;
    }
  } catch (error) {
    const log = await readTail(paths.log, LOG_TAIL_BYTES);
    await Promise.all([rm(paths.home, { recursive: true, force: true }), group?.remove()]);
    if (error instanceof ProcessEnded) throw startFailed(error, log);
    if (timeout.aborted && !options.signal.aborted) throw startTimeout(timeoutMs, log);
    throw error;
  }
}

async function spawnCell(
  paths: ReturnType<typeof cellPaths>,
  text: string,
  files: CellFiles,
  group: CellGroup,
  sandbox: Sandbox,
): Promise<CellProcess> {
  const inside = sandbox.inside(files);
  await mkdir(paths.sockets, { recursive: true, mode: 0o700 });
  await writeFile(paths.config, text, { mode: 0o600 });
  await giveToUser(sandbox, [paths.sockets, paths.config]);

  const log = await open(paths.log, "a", 0o600);
  try {
    return new CellProcess({
      command: group.wrap(sandbox.command(serveArguments(inside), files)),
      reportsPid: sandbox.reportsPid,
      hasInit: sandbox.hasInit,
      logFd: log.fd,
      sockets: SOCKETS,
    });
  } finally {
    await log.close();
  }
}

function startFailed({ exit }: ProcessEnded, log: string): CellError {
  const [reason] = log.split("\n", 1);
  return new CellError({
    code: "CELL_START_FAILED",
    message: `the worker does not start: ${reason || exit.error?.message || exit.signal || `code ${exit.code}`}`,
    value: log,
    next: "correct the worker and deploy again",
    cause: exit.error,
  });
}

function startTimeout(timeoutMs: number, log: string): CellError {
  return new CellError({
    code: "CELL_START_TIMEOUT",
    message: `the worker is not ready after ${timeoutMs} ms`,
    value: log,
    next: "do less outside of its handlers and deploy again",
  });
}
