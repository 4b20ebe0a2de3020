import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { cellEnvironment } from "./cellEnvironment.ts";
import { giveFilter } from "./giveFilter.ts";
import type { Command } from "./Sandbox.ts";

/** Runs a command to its end. Resolves to why it failed, or undefined where it did not. Never rejects. */
export async function tryCommand(
  command: Command,
  { timeoutMs }: { timeoutMs: number },
): Promise<string | undefined> {
  const child = spawn(command.file, command.args, {
    env: cellEnvironment(),
    stdio: ["ignore", "ignore", "pipe", "ignore", "ignore", command.filter === undefined ? "ignore" : "pipe"],
  });
  // Not spawn's own timeout: its SIGTERM is what a program that hangs may ignore.
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  try {
    const ended = new Promise<string | undefined>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) =>
        resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : `${signal}`),
      );
    });
    giveFilter(child, command);
    const [problem, said] = await Promise.all([ended, child.stderr === null ? "" : text(child.stderr)]);
    if (problem === undefined) return undefined;
    return child.killed ? `no end after ${timeoutMs} ms` : said.trim() || problem;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
