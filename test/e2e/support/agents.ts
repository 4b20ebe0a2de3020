import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../../node-agent/src/main.ts");

export type AgentAnswer =
  | { readonly event: "ready"; readonly pid: number; readonly port: number }
  | {
      readonly event: "failed";
      readonly error: {
        readonly code: string;
        readonly message?: string;
        readonly value?: string;
        readonly next?: string;
      };
    };

export interface OwnAgent {
  readonly child: ChildProcess;
  /** How its start went. */
  readonly answer: Promise<AgentAnswer>;
  readonly exited: Promise<unknown>;
}

/** Starts the agent of a state folder, as the devnet does. It ends with this process. */
export function startAgent(
  stateDirectory: string,
  env: Readonly<Record<string, string>> = {},
  logFile = join(stateDirectory, "agent.log"),
): OwnAgent {
  const child = spawn(process.execPath, ["--conditions=source", main, "--state", stateDirectory], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
  // The folder may be gone before the last line is.
  const log = createWriteStream(logFile, { flags: "a" }).on("error", () => undefined);
  child.stderr?.pipe(log);
  const exited = once(child, "exit");
  const answer = new Promise<AgentAnswer>((resolve, reject) => {
    child.once("message", (message) => resolve(message as AgentAnswer));
    child.once("exit", (code, signal) => reject(new Error(`the agent ended: ${code ?? signal}`)));
  });
  answer.catch(() => undefined);
  return { child, answer, exited };
}
