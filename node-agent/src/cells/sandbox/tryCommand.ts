import { text } from "node:stream/consumers";
import type { Command } from "./Sandbox.ts";
import { spawnCommand } from "./spawnCommand.ts";

/** Runs a command to its end. Resolves to why it failed, or undefined where it did not. Never rejects. */
export async function tryCommand(
  command: Command,
  { timeoutMs }: { timeoutMs: number },
): Promise<string | undefined> {
  const filter = command.filter === undefined ? "ignore" : "pipe";
  const { child, kill } = spawnCommand(command, ["ignore", "ignore", "pipe", "ignore", "ignore", filter]);
  let isLate = false;
  // Not spawn's own timeout: its SIGTERM is what a program that hangs may ignore.
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutMs);
  try {
    const ended = new Promise<string | undefined>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) =>
        resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : `${signal}`),
      );
    });
    const [problem, said] = await Promise.all([ended, child.stderr === null ? "" : text(child.stderr)]);
    if (problem === undefined) return undefined;
    return isLate ? `no end after ${timeoutMs} ms` : said.trim() || problem;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
