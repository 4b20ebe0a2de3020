import { spawn } from "node:child_process";

export interface RunOptions {
  /** What to tell a reader when the program is not there. */
  missing: string;
  timeoutSeconds: number;
  env?: Record<string, string> | undefined;
  /** Where it runs; default: where this process does. */
  cwd?: string | undefined;
}

/**
 * Runs a program to its end and gives what it printed; its errors go to ours as they come.
 *
 * @throws {Error} when it is missing, fails or takes longer than its time.
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { missing, timeoutSeconds, env, cwd } = options;
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
    cwd,
  });
  // On SIGINT `go build` and `apt-get` stop what they started; on SIGTERM they leave it running. Not spawn's own
  // `timeout`: its timer goes on, and keeps the process alive, where the program is missing.
  const timer = setTimeout(() => child.kill("SIGINT"), timeoutSeconds * 1000);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (how: string) => reject(new Error(`\`${[file, ...args].join(" ")}\` ${how}`));
      child.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") reject(new Error(missing));
        else failed(`did not start: ${error.message}`);
      });
      child.on("close", (code, signal) => {
        if (code === 0) resolve();
        else if (child.killed) failed(`was stopped after ${timeoutSeconds} s`);
        else failed(`failed with ${signal ?? `exit code ${code}`}\n${output}`.trimEnd());
      });
    });
  } finally {
    clearTimeout(timer);
  }
  return output;
}
