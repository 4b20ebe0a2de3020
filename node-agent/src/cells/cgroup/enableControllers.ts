import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { childrenOf } from "../../process/childrenOf.ts";
import { CONTROLLERS, type Controller } from "./parseHierarchies.ts";

export interface EnabledControllers {
  /** Which of them groups below may use. */
  readonly controllers: readonly Controller[];
  /** Why there are none. */
  readonly problem?: string;
  /** The group that the agent moved itself to. */
  readonly agentGroup?: string;
  /** Moves it back. Never rejects. */
  undo(): Promise<void>;
}

const undo = async (): Promise<void> => {};

/**
 * Makes controllers of version 2 usable below a group. A group that holds processes may have none (cgroups(7), "no
 * internal processes"); so the agent moves itself and its children into a group below, where it is alone in its own, as
 * a service with `Delegate=yes` is. Others' processes are never moved.
 */
export async function enableControllers(directory: string, name: string): Promise<EnabledControllers> {
  const control = join(directory, "cgroup.subtree_control");
  try {
    const available = await words(join(directory, "cgroup.controllers"));
    const controllers = CONTROLLERS.filter((controller) => available.includes(controller));
    if (controllers.length === 0) return { controllers, undo };
    const enable = controllers.map((controller) => `+${controller}`).join(" ");
    const enabled = await words(control);
    if (controllers.every((controller) => enabled.includes(controller))) return { controllers, undo };
    const isWritten = await writeFile(control, enable).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EBUSY") return false;
        throw error;
      },
    );
    if (isWritten) return { controllers, undo };

    const pids = (await words(join(directory, "cgroup.procs"))).map(Number);
    const own = descendants(process.pid);
    if (!pids.every((pid) => own.has(pid))) {
      const problem =
        "the agent shares its control group with other processes: run it as a service with Delegate=yes";
      return { controllers: [], problem, undo };
    }
    const agentGroup = join(directory, `${name}-agent`);
    await mkdir(agentGroup);
    for (const pid of pids) await writeFile(join(agentGroup, "cgroup.procs"), String(pid));
    await writeFile(control, enable);
    return {
      controllers,
      agentGroup,
      async undo() {
        try {
          await writeFile(control, controllers.map((controller) => `-${controller}`).join(" "));
          for (const pid of await words(join(agentGroup, "cgroup.procs"))) {
            await writeFile(join(directory, "cgroup.procs"), pid);
          }
          await rmdir(agentGroup);
        } catch {
          // The service manager removes it with the group above.
        }
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { controllers: [], problem: `control groups of version 2 are not delegated (${reason})`, undo };
  }
}

async function words(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).split(/\s+/).filter(Boolean);
}

function descendants(pid: number, found = new Set<number>()): ReadonlySet<number> {
  found.add(pid);
  for (const child of childrenOf(pid)) descendants(child, found);
  return found;
}
