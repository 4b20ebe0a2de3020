import { execFile } from "node:child_process";
import { root } from "./tools.ts";

const TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 256 * 1_048_576;

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the project's folder to its end, whatever its exit code. Throws where it does not start or takes ten minutes. */
export function capture(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Captured> {
  const options = {
    cwd: root,
    env: { ...process.env, ...env },
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(new Error(`${file} did not run to its end: ${error?.message}`));
    });
  });
}
