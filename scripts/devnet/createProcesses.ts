import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { DevnetError } from "./DevnetError.ts";
import { guardGroup } from "./guardGroup.ts";

export interface StartParameters {
  /** For messages: "node 1". */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** From stdout on; there is nothing to read from stdin. */
  readonly output: readonly (number | "pipe" | "inherit" | "ipc")[];
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** How long it may take to end when told to; then it is killed. 0: killed at once. */
  readonly graceMs: number;
  /** Stopped when all others are gone. */
  readonly last?: boolean | undefined;
}

export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** How it ended, once it has: "exit code 1", "SIGKILL". */
  readonly ended: Promise<string>;
  /** Ends it and whatever it left in its group. */
  stop(): Promise<void>;
}

/** The processes that a devnet starts: none of them outlives it, however it ends. */
export interface Processes {
  start(parameters: StartParameters): OwnProcess;
  /** Whether `stopAll` was called: what ends from then on was meant to. */
  readonly stopping: boolean;
  stopAll(): Promise<void>;
  /** Kills all at once. */
  killAll(): void;
}

/** @param say - Is told of a process that had to be killed. */
export function createProcesses(say: (text: string) => void = () => {}): Processes {
  const running = new Map<OwnProcess, StartParameters>();
  let stopping = false;

  async function stopThose(last: boolean): Promise<void> {
    const those = [...running].filter(([, parameters]) => (parameters.last ?? false) === last);
    await Promise.all(those.map(([own]) => own.stop()));
  }

  return {
    get stopping() {
      return stopping;
    },
    start(parameters) {
      if (stopping) {
        throw new DevnetError({ code: "STOPPED", message: `${parameters.name} is not started any more` });
      }
      const own = startProcess(parameters, say);
      running.set(own, parameters);
      void own.ended.then(() => running.delete(own)); // never rejects
      return own;
    },
    async stopAll() {
      stopping = true;
      await stopThose(false);
      await stopThose(true);
    },
    killAll() {
      stopping = true;
      for (const { pid } of running.keys()) killGroup(pid);
    },
  };
}

/** Becomes the program once it is told to, which is when it is guarded; if it is never told, it ends. */
const WHEN_TOLD = 'read -r _ || exit 1; exec "$@" </dev/null';

function startProcess(parameters: StartParameters, say: (text: string) => void): OwnProcess {
  const { name, file, args, output, cwd, env, graceMs } = parameters;
  // Each leads a group: Ctrl-C at the terminal reaches the devnet only, which then stops them in order.
  const child: ChildProcess = spawn("/bin/sh", ["-c", WHEN_TOLD, name, file, ...args], {
    stdio: ["pipe", ...output],
    cwd,
    env,
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) {
    child.on("error", () => {});
    throw new DevnetError({
      code: "NOT_STARTED",
      message: `${name} cannot be started: there is no /bin/sh, or no process left to have`,
      value: [file, ...args].join(" "),
    });
  }
  const endGuard = guardGroup(pid, graceMs);
  child.stdin?.on("error", () => {}); // it ended meanwhile, and `ended` tells
  child.stdin?.end("go\n");
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      void untilGroupLeft(pid, graceMs > 0 ? LEAVE_MS : 0).then(() => {
        killGroup(pid);
        endGuard();
        resolve(signal ?? `exit code ${code}`);
      });
    });
  });
  // A message that cannot be sent, to a process that has just ended, is no error of ours: `ended` tells.
  child.on("error", () => {});
  return {
    name,
    pid,
    child,
    ended,
    async stop() {
      if (graceMs > 0) child.kill("SIGTERM");
      const kill = setTimeout(() => {
        if (graceMs > 0) say(`${name} (pid ${pid}) did not end within ${graceMs} ms and is killed`);
        killGroup(pid);
      }, graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** What a process leaves may have something to finish: the edge of a killed agent writes down what it counted. */
const LEAVE_MS = 3_000;
const POLL_MS = 20;

async function untilGroupLeft(leader: number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && isGroupThere(leader)) await wait(POLL_MS);
}

function isGroupThere(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // nobody is left in it
  }
}
