import { mkdtemp, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkDirectoryLength } from "../../cells/records/cellDirectories.ts";
import { type Check, check } from "../Check.ts";

/** One version may be 512 MiB as a CAR and 1 GiB as files. */
const ENOUGH_BYTES = 4 * 1024 ** 3;
const GIB = 1024 ** 3;

/** Source: statfs(2), linux/magic.h. */
const FILE_SYSTEMS: Readonly<Record<number, readonly [name: string, trouble?: string]>> = {
  61267: ["ext4"],
  1481003842: ["xfs"],
  2435016766: ["btrfs"],
  801189825: ["zfs"],
  4076150800: ["f2fs"],
  2035054128: ["overlayfs", "a container's own layer goes with the container: put the folder on a volume"],
  16914836: ["tmpfs", "it is memory and is empty after a restart: choose a folder on a disk"],
  26985: ["nfs", "SQLite locks do not hold on it: choose a folder on a disk of this machine"],
  20859: ["smb", "SQLite locks do not hold on it: choose a folder on a disk of this machine"],
};

/** The folder of the node: whether it is there, can be written, has room, is on a disk, and is not too deep for sockets. */
export async function checkState(stateDirectory: string): Promise<Check[]> {
  return [await checkPath(stateDirectory), ...(await checkDisk(stateDirectory))];
}

async function checkPath(stateDirectory: string): Promise<Check> {
  try {
    checkDirectoryLength(join(stateDirectory, "cells"));
    const isThere = await stat(stateDirectory).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return check("state folder", isThere, `${stateDirectory}${isThere ? "" : " is not there yet"}`, {
      fix: "worker3 node init, or name the node's folder with --state",
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return check("state folder", false, detail, { needed: true, fix: "choose a shorter path with --state" });
  }
}

async function checkDisk(stateDirectory: string): Promise<Check[]> {
  // Before `node init` its nearest parent has the same disk.
  for (let path = stateDirectory; ; path = dirname(path)) {
    const found = await statfs(path).catch(() => undefined);
    if (found === undefined && path !== dirname(path)) continue;
    if (found === undefined) return [check("disk", false, "not readable", { fix: "choose another folder" })];
    const free = found.bavail * found.bsize;
    const [name, trouble] = FILE_SYSTEMS[found.type] ?? [`0x${found.type.toString(16)}`];
    const isWritable = await mkdtemp(join(path, ".w3doctor-")).then(
      (made) => rm(made, { recursive: true }).then(() => true),
      () => false,
    );
    return [
      check(
        "disk",
        isWritable && free >= ENOUGH_BYTES,
        `${(free / GIB).toFixed(1)} GiB free${isWritable ? "" : ", not writable"}`,
        {
          fix: isWritable ? "make room: 4 GiB at least" : `let this user write to ${path}`,
        },
      ),
      check("file system", trouble === undefined, name, { fix: trouble }),
    ];
  }
}
