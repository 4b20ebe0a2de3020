import { spawn } from "node:child_process";

export interface RunOptions {
  /** What to tell a reader when the program is not there. */
  missing: string;
  timeoutSeconds: number;
  env?: Record<string, string> | undefined;
}

/**
 * Runs a program to its end and gives what it printed; its errors go to ours as they come.
 *
 * @throws {Error} when it is missing, fails or takes longer than its time.
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { missing, timeoutSeconds, env } = options;
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
    timeout: timeoutSeconds * 1000,
    // On SIGINT `go build` and `apt-get` stop what they started; on SIGTERM they leave it running.
    killSignal: "SIGINT",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    const command = [file, ...args].join(" ");
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Error(missing) : error);
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else if (child.killed) reject(new Error(`\`${command}\` was stopped after ${timeoutSeconds} s`));
      else reject(new Error(`\`${command}\` failed with ${signal ?? `exit code ${code}`}\n${output}`.trim()));
    });
  });
}
