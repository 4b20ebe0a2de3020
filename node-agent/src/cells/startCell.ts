import { chown, mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellSpec } from "./Cell.ts";
import { CellError } from "./CellError.ts";
import type { CellGroup, CgroupLimits, Cgroups } from "./cgroup/Cgroups.ts";
import { cellConfigText } from "./config/cellConfigText.ts";
import { readTail } from "./logs/readTail.ts";
import { CellProcess, ProcessEnded } from "./process/CellProcess.ts";
import { ping } from "./process/ping.ts";
import { LOG_TAIL_BYTES, RunningCell } from "./RunningCell.ts";
import { readAssetRules } from "./readAssetRules.ts";
import { writeRecord } from "./records/CellRecord.ts";
import { CONTROL_SOCKET, cellPaths, newCellId, TENANT_SOCKET } from "./records/cellDirectories.ts";
import { type CellFiles, CONTROL_FD, type Sandbox } from "./sandbox/Sandbox.ts";

export interface StartCellOptions {
  /** Where cells have their directories. */
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly cgroups: Cgroups;
  readonly limits: CgroupLimits;
  readonly spec: CellSpec;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Starts the process of a cell and waits until it accepts connections and answers for itself.
 *
 * @throws {CellError} `ASSET_RULES_TOO_LARGE`, `CELL_START_FAILED`, `CELL_START_TIMEOUT`; or the signal's reason.
 *   Nothing is left then.
 */
export async function startCell(options: StartCellOptions): Promise<RunningCell> {
  const { directory, spec, timeoutMs, cgroups, limits } = options;
  const id = newCellId();
  const paths = cellPaths(directory, id);
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  let group: CellGroup | undefined;
  try {
    signal.throwIfAborted();
    group = await cgroups.create(id, limits);
    const process = await spawnCell(paths, group, options);
    try {
      const identity = await process.ready({
        signal,
        known: (known) =>
          writeRecord(paths.home, known, {
            projectId: spec.projectId,
            version: spec.version,
            socketPath: join(paths.sockets, TENANT_SOCKET),
          }),
        ping: () => ping(join(paths.sockets, CONTROL_SOCKET), { signal }),
      });
      return new RunningCell({ id, spec, paths, identity, group, exit: process.exit });
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
  group: CellGroup,
  { spec, sandbox }: StartCellOptions,
): Promise<CellProcess> {
  const files: CellFiles = { folder: spec.folder, config: paths.config, sockets: paths.sockets };
  const inside = sandbox.inside(files);
  await mkdir(paths.sockets, { recursive: true, mode: 0o700 });
  const text = cellConfigText({
    manifest: spec.manifest,
    layout: {
      assetsPath: join(inside.folder, "assets"),
      socketPath: join(inside.sockets, TENANT_SOCKET),
      controlPath: join(inside.sockets, CONTROL_SOCKET),
      controlDirectory: inside.sockets,
    },
    rules: spec.manifest.assets === undefined ? {} : await readAssetRules(spec.folder),
  });
  await writeFile(paths.config, text, { mode: 0o600 });
  if (sandbox.user !== undefined) {
    const { uid, gid } = sandbox.user;
    await Promise.all([paths.sockets, paths.config].map((path) => chown(path, uid, gid)));
  }

  // --experimental: assets need it. What it opens to tenants, checkSupported closes.
  const serve = ["serve", "--experimental", `--control-fd=${CONTROL_FD}`, "-I", inside.folder, inside.config];
  const log = await open(paths.log, "a", 0o600);
  try {
    return new CellProcess({
      command: group.wrap(sandbox.command(serve, files)),
      reportsPid: sandbox.reportsPid,
      hasInit: sandbox.hasInit,
      logFd: log.fd,
      sockets: 2,
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
