import { type FamilyWatch, kill, memberLine } from "./family.ts";
import { findMachineObjects, type MachineObject, newObjects, objectLine } from "./machineObjects.ts";
import type { Outcome } from "./runnerOutput.ts";

/** The name under which it counts whether anything lives on. */
export const NOTHING_LEFT = "nothing outlives the run";
/** What is being ended when the last step ends may take so long. */
const GRACE_MS = 3_000;

/**
 * Looks for what the steps of a run left on this machine, ends the processes by their pids, and says which they were.
 *
 * @param objectsBefore - What was there when the run began.
 */
export async function lookForLeftovers(
  watch: FamilyWatch,
  objectsBefore: readonly MachineObject[],
): Promise<Outcome> {
  const started = performance.now();
  const members = await watch.left(GRACE_MS);
  const lines = members.map(memberLine);
  members.forEach(kill);
  await watch.left(GRACE_MS);
  const objects = newObjects(objectsBefore, await findMachineObjects());
  // Objects carry no mark: beside another run nobody can tell whose they are.
  if (objects.length > 0 && watch.hasNeighbour()) {
    process.stdout.write(`Another run's or of this one:\n${objects.map(objectLine).join("\n")}\n`);
  } else {
    lines.push(...objects.map(objectLine));
  }
  return {
    name: NOTHING_LEFT,
    passed: lines.length === 0 ? 1 : 0,
    failed: lines.length === 0 ? 0 : 1,
    seconds: (performance.now() - started) / 1000,
    report:
      lines.length === 0 ? "" : ["still there after the run; processes were killed:", ...lines].join("\n"),
  };
}

/** Whether a run was told to stop. */
export interface Stop {
  readonly signal: NodeJS.Signals | undefined;
  /** Gives the signals back. */
  end(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to its whole group: that is one, not two. */
const SAME_SIGNAL_MS = 500;

/** At a signal tells whatever the run started to end; at a second one kills it, and ends this process. */
export function stopAtSignals(watch: FamilyWatch): Stop {
  let signal: NodeJS.Signals | undefined;
  let stoppedAt = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (signal === undefined) {
      signal = name;
      stoppedAt = performance.now();
      process.stdout.write(`\n${name}: stopping what runs\n`);
      for (const { pid } of watch.look()) tell(pid);
    } else if (performance.now() - stoppedAt >= SAME_SIGNAL_MS) {
      watch.look().forEach(kill);
      process.exit(1);
    }
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    get signal() {
      return signal;
    },
    end() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

function tell(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It ended meanwhile.
  }
}
