import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The program, for Node to run. */
export const WORKER3 = fileURLToPath(new URL("../../bin/worker3.js", import.meta.url));

export interface RunWorker3Options {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does, in a process of its own without a terminal. */
export async function runWorker3(
  args: readonly string[],
  { env = {}, cwd }: RunWorker3Options = {},
): Promise<Ended> {
  const { WORKER3_NETWORK: _network, WORKER3_PRIVATE_KEY: _key, DEBUG: _debug, ...inherited } = process.env;
  const child = spawn(process.execPath, [WORKER3, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}
