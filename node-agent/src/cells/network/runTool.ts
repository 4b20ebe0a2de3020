import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Wrap } from "../sandbox/Sandbox.ts";

/** Runs `ip`, `nft` and their like to their end. Gives what they print; rejects with what they complain of. */
export type RunTool = (file: string, args: readonly string[], input?: string) => Promise<string>;

const TIMEOUT_MS = 10_000;

/** @param place - in which network the tools work; default: this process's. */
export function createRunTool(place: Wrap = (command) => command): RunTool {
  return async (name, toolArgs, input = "") => {
    const { file, args } = place({ file: name, args: toolArgs });
    // Debian keeps `ip` and `nft` in /usr/sbin, which not every user's PATH has.
    const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/usr/bin:/bin`, LC_ALL: "C" };
    const child = spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    try {
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
      const code = new Promise<number | string>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (status, signal) => resolve(status ?? signal ?? "unknown"));
      });
      const [ended, output, complaint] = await Promise.all([code, text(child.stdout), text(child.stderr)]);
      if (ended === 0) return output;
      const why = child.killed ? `no end after ${TIMEOUT_MS} ms` : complaint.trim() || String(ended);
      throw new Error(`${[name, ...toolArgs].join(" ")}: ${why}`);
    } finally {
      clearTimeout(timer);
    }
  };
}
