import { mkdir, open, rm, writeFile } from "node:fs/promises";
import type { CellGroup, CgroupLimits, Cgroups } from "../cgroup/Cgroups.ts";
import { CellProcess } from "../process/CellProcess.ts";
import type { CellInMaking } from "../RunningCell.ts";
import { writeRecord } from "../records/CellRecord.ts";
import { cellPaths, newCellId, SOCKETS } from "../records/cellDirectories.ts";
import { giveToUser } from "../sandbox/giveToUser.ts";
import { type CellFiles, CONTROL_FD, type Sandbox } from "../sandbox/Sandbox.ts";

/** A process that runs in the sandbox and waits for its configuration. It is used once, for one cell. */
export interface Spare extends CellInMaking {
  /** Its files; the folder is its own and empty. */
  readonly files: CellFiles;
}

/** Of the process, before it is any project's. */
const NOBODY = { projectId: 0n, version: 0, socketPath: "" };

export interface StartSpareOptions {
  /** Where cells have their directories. */
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly cgroups: Cgroups;
  /** Of whatever project will get it. */
  readonly limits: CgroupLimits;
}

/**
 * Starts a process that waits.
 *
 * @throws {Error} It did not come to be; nothing is left then.
 */
export async function startSpare({ directory, sandbox, cgroups, limits }: StartSpareOptions): Promise<Spare> {
  const id = newCellId();
  let group: CellGroup | undefined;
  const paths = { ...cellPaths(directory, id) };
  const files: CellFiles = { folder: `${paths.home}/d`, config: paths.config, sockets: paths.sockets };
  try {
    await mkdir(paths.sockets, { recursive: true, mode: 0o700 });
    await mkdir(files.folder, { mode: 0o700 });
    // Every sandbox shows a configuration; this one comes by the process's input.
    await writeFile(paths.config, "", { mode: 0o600 });
    await giveToUser(sandbox, [paths.sockets, paths.config, files.folder]);
    group = await cgroups.create(id, limits);
    const log = await open(paths.log, "a", 0o600);
    try {
      const serve = ["serve", "--experimental", `--control-fd=${CONTROL_FD}`, "--binary", "-"];
      const process = new CellProcess({
        command: group.wrap(sandbox.command(serve, files)),
        reportsPid: sandbox.reportsPid,
        hasInit: sandbox.hasInit,
        logFd: log.fd,
        sockets: SOCKETS,
        takesInput: true,
      });
      const identity = await process.identity;
      if (identity === undefined)
        throw new Error("a spare process did not start", { cause: await process.exit });
      writeRecord(paths.home, identity, NOBODY);
      return { id, paths, group, process, files };
    } finally {
      await log.close();
    }
  } catch (error) {
    await Promise.all([rm(paths.home, { recursive: true, force: true }), group?.remove()]);
    throw error;
  }
}
