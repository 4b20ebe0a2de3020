import { Writable } from "node:stream";
import type { Prompts } from "../context/prompts.ts";
import { COMMANDS, type RegisteredCommand } from "../registry.ts";
import { runCommandLine } from "../runCommandLine.ts";
import type { Ended } from "./runWorker3.ts";

export interface RunHereOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly commands?: readonly RegisteredCommand[] | undefined;
  /** Absent: nobody to ask. */
  readonly prompts?: Prompts | undefined;
  /** Aborts as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
}

/** Nobody at the terminal: a question is an error of the test. */
export const NOBODY: Prompts = {
  interactive: false,
  confirm: () => Promise.reject(new Error("asked nobody")),
  password: () => Promise.reject(new Error("asked nobody")),
};

/** Runs the command in this process: all of it but `main.ts`, without the second that Node takes to load it. */
export async function runHere(args: readonly string[], options: RunHereOptions = {}): Promise<Ended> {
  const { env = {}, cwd = process.cwd(), commands = COMMANDS, prompts = NOBODY, signal } = options;
  const stdout = sink();
  const stderr = sink();
  const code = await runCommandLine({
    args,
    commands,
    version: "1.2.3",
    environment: env,
    directory: cwd,
    stdout: stdout.stream,
    stderr: stderr.stream,
    prompts: async () => prompts,
    signal: signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function sink(): { readonly stream: NodeJS.WriteStream; text(): string } {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => parts.join("") };
}
