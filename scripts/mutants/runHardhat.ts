import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface RunHardhatParameters {
  /** Where it runs: a project. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs Hardhat to its end.
 *
 * @returns its exit code, `null` where it was stopped because it took too long, and what it printed.
 * @throws where `signal` is aborted.
 */
export async function runHardhat(
  parameters: RunHardhatParameters,
): Promise<{ code: number | null; output: string }> {
  const { folder, args, env, timeoutMs, signal } = parameters;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(folder, "node_modules/hardhat/dist/src/cli.js"), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", ...env },
  });
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  const timer = setTimeout(kill, timeoutMs);
  try {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const [code] = await once(child, "close");
    signal.throwIfAborted();
    return { code: typeof code === "number" ? code : null, output };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}
