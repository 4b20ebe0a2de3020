import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellGroup, CgroupLimits, Cgroups } from "./Cgroups.ts";
import { enableControllers } from "./enableControllers.ts";
import { CPU_QUOTA_FILE, groupFiles } from "./groupFiles.ts";
import { clearLeftoverGroups, recordGroups, removeTree } from "./leftoverGroups.ts";
import { CONTROLLERS, type Controller, type Hierarchy, parseHierarchies } from "./parseHierarchies.ts";
import { parseOomKills } from "./parseOomKills.ts";

export interface OpenCgroupsOptions {
  readonly nodeId: number;
  /** A file in the state folder: which groups are this agent's. */
  readonly recordPath: string;
}

/** A hierarchy in which this node has a group, and what is limited there. */
interface Place extends Hierarchy {
  readonly controllers: Controller[];
}

const EVENTS = { cgroup1: "memory.oom_control", cgroup2: "memory.events" } as const;
const PROBE: CgroupLimits = { memoryBytes: 64 * 1024 * 1024, pids: 16, cpuWeight: 100, cpuCores: 1 };
const PROBE_ID = "00000000";

/**
 * Finds the control groups that this agent may make groups in, by making one, and removes what an earlier agent left.
 * Where there are none, nothing is limited. Never rejects.
 */
export async function openCgroups({ nodeId, recordPath }: OpenCgroupsOptions): Promise<Cgroups> {
  await clearLeftoverGroups(recordPath);
  const name = `w3-${nodeId}-${randomBytes(3).toString("hex")}`;
  const notes: string[] = [];
  const found = parseHierarchies({
    mountinfo: readFileSync("/proc/self/mountinfo", "utf8"),
    membership: readFileSync("/proc/self/cgroup", "utf8"),
  });
  const v2 = found.v2 === undefined ? undefined : await enableControllers(found.v2, name);
  const wanted = new Map<string, Place>();
  for (const controller of CONTROLLERS) {
    const kind = v2?.controllers.includes(controller) ? "cgroup2" : "cgroup1";
    const directory = kind === "cgroup2" ? found.v2 : found.v1[controller];
    if (directory === undefined) continue;
    const place = wanted.get(directory) ?? { kind, directory: join(directory, name), controllers: [] };
    place.controllers.push(controller);
    wanted.set(directory, place);
  }
  const candidates = [...wanted.values()];
  recordGroups(recordPath, [
    ...candidates.map(({ directory }) => directory),
    ...(v2?.agentGroup === undefined ? [] : [v2.agentGroup]),
  ]);

  const places: Place[] = [];
  for (const place of candidates) {
    try {
      await mkdir(place.directory);
      if (place.kind === "cgroup2") {
        const all = place.controllers.map((controller) => `+${controller}`).join(" ");
        await writeFile(join(place.directory, "cgroup.subtree_control"), all);
      }
      await (await createGroup([place], PROBE_ID, PROBE)).remove();
      places.push(place);
      const hasQuota = existsSync(join(place.directory, CPU_QUOTA_FILE[place.kind]));
      if (place.controllers.includes("cpu") && !hasQuota) {
        notes.push("cells share CPU time that is short evenly, but this kernel bounds it for none");
      }
    } catch (error) {
      await removeTree(place.directory);
      notes.push(`${place.controllers.join(", ")}: no group can be made (${messageOf(error)})`);
    }
  }
  const kindOf = (controller: Controller) =>
    places.find(({ controllers }) => controllers.includes(controller))?.kind ?? "none";
  if (v2?.problem !== undefined && kindOf("memory") === "none") notes.push(v2.problem);
  return {
    memory: kindOf("memory"),
    cpu: kindOf("cpu"),
    pids: kindOf("pids"),
    notes,
    create: (cellId, limits) => createGroup(places, cellId, limits),
    async close() {
      for (const { directory } of places) await removeTree(directory);
      await v2?.undo();
      await clearLeftoverGroups(recordPath);
    },
  };
}

async function createGroup(
  places: readonly Place[],
  cellId: string,
  limits: CgroupLimits,
): Promise<CellGroup> {
  const groups = places.map((place) => ({ ...place, directory: join(place.directory, cellId) }));
  let kills = 0;
  const oomKills = () => {
    for (const { kind, directory, controllers } of groups) {
      if (!controllers.includes("memory")) continue;
      try {
        kills = Math.max(kills, parseOomKills(readFileSync(join(directory, EVENTS[kind]), "utf8")));
      } catch {
        // It is removed: what was read last holds.
      }
    }
    return kills;
  };
  const remove = async () => {
    oomKills();
    await Promise.all(groups.map(({ directory }) => removeTree(directory)));
  };
  try {
    for (const { kind, directory, controllers } of groups) {
      await mkdir(directory);
      for (const { name, value, optional } of groupFiles(kind, controllers, limits)) {
        await writeFile(join(directory, name), value, { flag: "r+" }).catch((error) => {
          if (optional !== true) throw error;
        });
      }
    }
  } catch (error) {
    await remove();
    throw error;
  }
  const files = groups.map(({ directory }) => join(directory, "cgroup.procs"));
  return { wrap: (command) => enter(command, files), oomKills, remove };
}

/** A shell enters the groups and becomes the command: from its first instruction on it is limited. */
function enter<command extends { file: string; args: readonly string[] }>(
  command: command,
  files: readonly string[],
): command {
  if (files.length === 0) return command;
  const script = `n=$1; shift; while [ $n -gt 0 ]; do echo 0 > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"`;
  const args = ["-c", script, "sh", String(files.length), ...files, command.file, ...command.args];
  return { ...command, file: "/bin/sh", args };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
