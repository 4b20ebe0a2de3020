import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { childrenOf } from "../../process/childrenOf.ts";
import { cellEnvironment } from "./cellEnvironment.ts";
import { giveFilter } from "./giveFilter.ts";
import type { Command } from "./Sandbox.ts";

/** A command's process. */
export interface Spawned {
  readonly child: ChildProcess;
  /** Kills it at once with whoever it started. Does nothing when it has ended. */
  kill(): void;
}

/**
 * Starts a command of a sandbox, and sees to it that nothing stays when it ends early, whoever ends it.
 *
 * bwrap's child waits until bwrap lets it go, and asks to die with it much later: a bwrap that is killed or fails before
 * leaves it waiting for ever. Until then it is in bwrap's process group, which the kernel kills as a whole, also a child that is
 * only being made. Afterwards it has a session of its own, and is found as bwrap's child.
 *
 * @param stdio - as `spawn` takes it, with a pipe at `FILTER_FD` where the command has a filter.
 */
export function spawnCommand(command: Command, stdio: SpawnOptions["stdio"]): Spawned {
  const { ownGroup: detached = false } = command;
  const child = spawn(command.file, command.args, { cwd: "/", env: cellEnvironment(), detached, stdio });
  giveFilter(child, command);
  if (detached) {
    child.once("exit", () => {
      const { pid } = child;
      // While anybody is in the group no new process gets its number: where nobody has it, the group is still this one's.
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) sigkill(-pid);
    });
  }
  return { child, kill: () => killWithChildren(child, detached) };
}

function killWithChildren(child: ChildProcess, isLeader: boolean): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // Stopped, it lets go of no child that was not seen, and takes no notice of one that ended, whose pid could be another's.
  child.kill("SIGSTOP");
  for (const one of childrenOf(pid)) sigkill(one);
  sigkill(isLeader ? -pid : pid);
}

function sigkill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
