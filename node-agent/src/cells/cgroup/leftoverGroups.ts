import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { pollUntil } from "../../process/pollUntil.ts";

/** Names of the groups that agents make: `w3-<nodeId>-<random>`. */
const GROUP_NAME = /^w3-\d+-[0-9a-f]{6}(-agent)?$/;
const recordSchema = z.object({ directories: z.array(z.string()) });

/** A group's last process leaves a moment after its end was told. */
const REMOVE_TIMEOUT_MS = 2_000;

/** Notes which groups are about to be made; before they are, so that none is forgotten. */
export function recordGroups(path: string, directories: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify({ directories }), { mode: 0o600 });
}

/** Removes the groups of an earlier agent that a record names, and the record. Others are not touched. Never rejects. */
export async function clearLeftoverGroups(path: string): Promise<void> {
  try {
    const { directories } = recordSchema.parse(JSON.parse(await readFile(path, "utf8")));
    for (const directory of directories) {
      if (GROUP_NAME.test(basename(directory))) await endTree(directory);
    }
  } catch {
    // No record, or none that says what is ours.
  }
  await rm(path, { force: true }).catch(() => undefined);
}

/** Ends who is still in a group that an earlier agent made: a cell that it could not write down any more. */
async function endTree(directory: string): Promise<void> {
  const below = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const cell of below.filter((entry) => entry.isDirectory())) {
    const procs = await readFile(join(directory, cell.name, "cgroup.procs"), "utf8").catch(() => "");
    for (const pid of membersOf(procs)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }
  await removeTree(directory);
}

/**
 * The pids that a `cgroup.procs` names. The kernel writes 0 for a process of another pid namespace: a signal to 0 would end
 * the agent and everything of its process group.
 */
export function membersOf(procs: string): number[] {
  return procs
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Removes a group and those below it, which hold no process any more. Never rejects; what is in use stays. */
export async function removeTree(directory: string): Promise<void> {
  const below = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of below) {
    if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  }
  await pollUntil(() => isRemoved(directory), { timeoutMs: REMOVE_TIMEOUT_MS });
}

function isRemoved(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
