import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  allProcesses,
  environmentOf,
  isRunning,
  type ProcessInfo,
  readProcess,
} from "../devnet/readProcess.ts";

/** The variable by which a run finds again what it started: `<id of the run> <step>`. Children inherit it. */
export const RUN_MARK = "WORKER3_TEST_RUN";

/** A process that a run started, and the step that did. */
export interface Member extends ProcessInfo {
  readonly step: string;
}

/** By pid. Holds ended processes too, as long as a living one is in their group or session. */
export type Family = ReadonlyMap<number, Member>;

/**
 * The family of a run after another look at the machine's processes. Pure.
 *
 * Most carry the mark. Cells do not, because they get an environment of their own: they are known by their parent, as long
 * as that one lives, and afterwards because they were known before. One that was orphaned between two looks is known by
 * its group or session, whose number no new process gets while anybody is in it.
 *
 * @param stepOf - The step that a process is marked with, if this run marked it.
 */
export function growFamily(
  family: Family,
  processes: readonly ProcessInfo[],
  stepOf: (pid: number) => string | undefined,
): Family {
  const alive = new Set(processes.map(({ pid }) => pid));
  const leaders = new Set(processes.flatMap(({ group, session }) => [group, session]));
  const grown = new Map([...family].filter(([pid]) => !alive.has(pid) && leaders.has(pid)));
  let strangers = processes;
  for (;;) {
    const found = strangers.flatMap((process): Member[] => {
      const before = family.get(process.pid);
      const step =
        (before?.startTime === process.startTime ? before.step : undefined) ??
        [process.parentPid, process.session, process.group]
          .map((pid) => grown.get(pid)?.step)
          .find(Boolean) ??
        stepOf(process.pid);
      return step === undefined ? [] : [{ ...process, step }];
    });
    if (found.length === 0) return grown;
    for (const member of found) grown.set(member.pid, member);
    strangers = strangers.filter(({ pid }) => !grown.has(pid));
  }
}

/** Keeps an eye on what a run starts. */
export interface FamilyWatch {
  /** What a step's environment has to hold. */
  markOf(step: string): Record<string, string>;
  /** Those of the run that live now. */
  look(): readonly Member[];
  /** Those that still live after `graceMs`; returns at once where none does. */
  left(graceMs: number): Promise<readonly Member[]>;
  /** Whether another run of these tests, which marks what it starts too, is at work on this machine. */
  hasNeighbour(): boolean;
  stop(): void;
}

/** How often parents are looked at: a look takes 8 ms of CPU time, and what is left behind lived for longer. */
const LOOK_EVERY_MS = 1_000;
const POLL_MS = 100;

/** @param id - Of the run: no other has the same. */
export function watchFamily(id: string): FamilyWatch {
  let family: Family = new Map();
  const since = Number(readProcess(process.pid)?.startTime);
  const look = (): readonly Member[] => {
    const processes = allProcesses();
    const lost = new Set(processes.filter((one) => isLostSandbox(one, since)).map(({ pid }) => pid));
    family = growFamily(family, processes, (pid) => {
      const mark = markIn(pid);
      if (mark !== undefined) return mark.id === id ? mark.step : undefined;
      return lost.has(pid) ? "some test" : undefined;
    });
    const members = family;
    return processes.map(({ pid }) => members.get(pid)).filter((member) => member !== undefined);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    markOf: (step) => ({ [RUN_MARK]: `${id} ${step}` }),
    look,
    async left(graceMs) {
      const deadline = performance.now() + graceMs;
      let members = look();
      while (members.length > 0 && performance.now() < deadline) {
        await sleep(POLL_MS);
        members = look();
      }
      return members;
    },
    hasNeighbour() {
      const members = new Set(look().map(({ pid }) => pid));
      return allProcesses().some(({ pid }) => !members.has(pid) && markIn(pid) !== undefined);
    },
    stop: () => clearInterval(timer),
  };
}

/** Ends a process for good, unless it has ended and its pid is another's. */
export function kill(member: Member): void {
  if (!isRunning(member)) return;
  try {
    process.kill(member.pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

/** A process for somebody who looks for the test that forgot it. */
export function memberLine({ pid, step, command }: Member): string {
  return `${command[0]?.split("/").at(-1) ?? "?"}, pid ${pid}, started by "${step}": ${command.join(" ")}`;
}

const ROOT = join(import.meta.dirname, "../..");
const INIT = 1;

/**
 * Whether a process is what a sandbox of this checkout left behind: it has neither mark nor parent, group and session are its
 * own, and it may have lost its parent before anybody looked. It names the checkout's workerd.
 *
 * @param since - start time of the run's own process, in clock ticks since boot.
 */
function isLostSandbox({ parentPid, startTime, command }: ProcessInfo, since: number): boolean {
  if (parentPid !== INIT || Number(startTime) < since) return false;
  return command[0]?.split("/").at(-1) === "bwrap" && command.some((part) => part.startsWith(`${ROOT}/`));
}

function markIn(pid: number): { id: string; step: string } | undefined {
  const line = environmentOf(pid).find((entry) => entry.startsWith(`${RUN_MARK}=`));
  if (line === undefined) return undefined;
  const [id = "", ...step] = line.slice(RUN_MARK.length + 1).split(" ");
  return { id, step: step.join(" ") };
}
