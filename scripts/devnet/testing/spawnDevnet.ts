import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { portProblems } from "../portProblems.ts";
import type { ReadyDocument } from "../readyDocument.ts";
import { MARK, markedProcesses } from "./markedProcesses.ts";
import { poll } from "./poll.ts";

/** A devnet with stand-ins, in a process of its own as `npm run devnet` starts it. */
export interface SpawnedDevnet {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly stateDirectory: string;
  readonly portBase: number;
  readonly rpcPort: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its ready document, from a start with `--json`. */
  ready(): Promise<ReadyDocument>;
  /** How it ended: an exit code, or a signal. */
  readonly ended: Promise<number | string>;
  /** Waits until no process of it runs and its ports are free. */
  untilNothingIsLeft(): Promise<void>;
  /** Ends what a failed test left. */
  cleanUp(): Promise<void>;
}

export interface SpawnDevnetParameters {
  readonly args: readonly string[];
  readonly nodes?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Instead of Node with the script: what it is started by. */
  readonly start?: (command: readonly string[]) => readonly [file: string, args: readonly string[]];
  /** Instead of folders and ports of its own: those of another. */
  readonly like?: SpawnedDevnet;
}

const READY_MS = 110_000;
/** The command line of Node that starts a devnet with stand-ins. */
const COMMAND = [process.execPath, "--conditions=source", join(import.meta.dirname, "standInMain.ts")];

export async function spawnDevnet(parameters: SpawnDevnetParameters): Promise<SpawnedDevnet> {
  const { args, nodes = 1, env = {}, like, start = ([file = "", ...rest]) => [file, rest] } = parameters;
  const stateDirectory = like?.stateDirectory ?? (await mkdtemp(join(tmpdir(), "devnet-")));
  const portBase = like?.portBase ?? (await freePorts(nodes + 2));
  const rpcPort = like?.rpcPort ?? portBase + nodes + 1;
  const mark = randomUUID();
  const ports = ["--port-base", String(portBase), "--rpc-port", String(rpcPort)];
  const [file, fileArgs] = start([
    ...[...COMMAND, "--state", stateDirectory, ...ports, "--nodes", String(nodes)],
    ...args,
  ]);
  const child = spawn(file, fileArgs, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, [MARK]: mark },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  let over = false;
  ended.then(
    () => {
      over = true;
    },
    () => {},
  );
  return {
    child,
    mark,
    stateDirectory,
    portBase,
    rpcPort,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    ready: () =>
      poll(
        "a devnet that is ready",
        () => {
          if (over) throw new Error(`the devnet ended: ${stderr}`);
          return stdout.includes("\n") && (JSON.parse(stdout) as ReadyDocument);
        },
        READY_MS,
      ),
    async untilNothingIsLeft() {
      const left = () => markedProcesses(mark).map(({ pid, command }) => `${pid} ${command.join(" ")}`);
      await poll(`no process of the devnet runs`, () => left().length === 0).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${left().join("\n")}\n${stderr}`);
      });
      const ports = Array.from({ length: nodes }, (_, i) => portBase + i + 1);
      // A process that is no longer to be seen may still close what it had open.
      let problems: string[] = [];
      await poll("the ports are free", async () => {
        problems = await portProblems([rpcPort, ...ports]);
        return problems.length === 0;
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${problems.join("\n")}`);
      });
    },
    async cleanUp() {
      for (const { pid } of markedProcesses(mark)) process.kill(pid, "SIGKILL");
      if (like === undefined) await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

/** The first of `count` ports in a row of which all are free. */
async function freePorts(count: number): Promise<number> {
  return poll("free ports", async () => {
    const first = randomInt(20_000, 30_000);
    const problems = await portProblems(Array.from({ length: count }, (_, i) => first + i));
    return problems.length === 0 && first;
  });
}
