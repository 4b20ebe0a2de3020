import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { OwnProcess, Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";
import { nodeDirectory } from "./stateFolder.ts";
import { tailOf } from "./tailOf.ts";
import { untilEither } from "./untilEither.ts";

/** How to start something: the arguments that are its own are added behind. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface StartAgentParameters {
  readonly processes: Processes;
  /** Takes `--state DIR`, and says over IPC how that went. */
  readonly command: Command;
  readonly stateDirectory: string;
  readonly nodeId: number;
  readonly signal: AbortSignal;
  /** Called when it ends although nobody stopped it, with what there is to say. */
  readonly onCrash: (message: string) => void;
}

const START_TIMEOUT_MS = 30_000;
/** In which an agent lets its cells finish. */
const STOP_TIMEOUT_MS = 10_000;

const answerSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ready"), nodeId: z.int(), port: z.int(), pid: z.int() }),
  z.object({
    event: z.literal("failed"),
    error: z.object({
      code: z.string(),
      message: z.string(),
      value: z.string().optional(),
      next: z.string().optional(),
    }),
  }),
]);

/** Starts the agent of a node and waits until it serves. It ends when told to, or when this process is gone. */
export async function startAgent(parameters: StartAgentParameters): Promise<OwnProcess> {
  const { processes, command, stateDirectory, nodeId, signal, onCrash } = parameters;
  const directory = nodeDirectory(stateDirectory, nodeId);
  const logFile = join(directory, "agent.log");
  const log = openSync(logFile, "a");
  const args = [...command.args, "--state", directory];
  const own = processes.start({
    name: `node ${nodeId}`,
    file: command.file,
    args,
    output: [log, log, "ipc"],
    graceMs: STOP_TIMEOUT_MS,
  });
  closeSync(log);

  const served = new Promise<void>((resolve, reject) => {
    own.child.on("message", (message) => {
      const answer = answerSchema.safeParse(message).data;
      if (answer?.event === "ready") resolve();
      if (answer?.event !== "failed") return;
      const { error } = answer;
      reject(new DevnetError({ ...error, message: `node ${nodeId} cannot start: ${error.message}` }));
    });
  });
  const next = `look into ${logFile}`;
  try {
    await untilEither(served, { process: own, timeoutMs: START_TIMEOUT_MS, signal, next });
  } catch (error) {
    if (!(error instanceof DevnetError) || error.code !== "PROCESS_ENDED") throw error;
    const { code, message, value } = error;
    throw new DevnetError({ code, message: `${message}:\n${await tailOf(logFile)}`, value, next });
  }
  // Never rejects.
  void own.ended.then(async (how) => {
    if (processes.stopping) return;
    onCrash(
      `node ${nodeId} (pid ${own.pid}) ended (${how}), the others run on. The end of ${logFile}:\n` +
        `${await tailOf(logFile)}\nStart it again: ${[command.file, ...args].join(" ")}`,
    );
  });
  return own;
}
