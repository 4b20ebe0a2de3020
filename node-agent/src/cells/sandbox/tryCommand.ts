import { execFile } from "node:child_process";
import { CELL_ENVIRONMENT } from "./cellEnvironment.ts";
import type { Command } from "./Sandbox.ts";

/** Runs a command to its end. Resolves to why it failed, or undefined where it did not. Never rejects. */
export function tryCommand(
  { file, args }: Command,
  { timeoutMs }: { timeoutMs: number },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: "SIGKILL", env: CELL_ENVIRONMENT } as const;
    execFile(file, args, options, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(stderr.trim() || error.message);
    });
  });
}
