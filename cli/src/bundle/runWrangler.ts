import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { createRequire, getCompileCacheDir } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, Writable } from "node:stream";
import { BundleError } from "./BundleError.ts";

export interface RunWranglerParameters {
  readonly args: readonly string[];
  /** The project's folder. */
  readonly directory: string;
  /** Where its log goes. */
  readonly temporary: string;
  /** 600,000 ms by default: a project's own build command runs inside. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A file that is loaded before wrangler. It gets two pipes. */
  readonly preload?: string | undefined;
  /** Called with the pipes of `preload`, its descriptors 3 and 4. */
  readonly onPipes?: ((from: Readable, to: Writable) => void) | undefined;
  /** Called with each line that it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface WranglerRun {
  readonly exitCode: number;
  /** Both streams, the last 64 KiB of them. */
  readonly output: string;
}

const TIMEOUT_MS = 600_000;
const KEPT_CHARACTERS = 65_536;
/** How long a build may take to end by SIGTERM. */
const GRACE_MS = 3_000;

/**
 * Runs wrangler of the installed package, without a terminal, without telemetry, update checks and Cloudflare account.
 * It and what it started end when the signal aborts.
 *
 * @throws {BundleError} `BUNDLE_TIMEOUT`; the signal's reason.
 */
export async function runWrangler(parameters: RunWranglerParameters): Promise<WranglerRun> {
  const { args, directory, temporary, timeoutMs = TIMEOUT_MS, signal, preload, onLine } = parameters;
  const env = await environmentOf(temporary);
  signal?.throwIfAborted();
  const before = preload === undefined ? [] : ["--require", preload];
  const steady = preloadsFor([directory, ...args]);
  const child = spawn(process.execPath, ["--no-warnings", ...before, ...steady, wranglerProgram(), ...args], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "pipe", ...(preload === undefined ? [] : (["pipe", "pipe"] as const))],
    // A group of its own: a build command's processes end with it.
    detached: process.platform !== "win32",
  });
  let output = "";
  const take = (chunk: string): void => {
    output = (output + chunk).slice(-KEPT_CHARACTERS);
    for (const line of chunk.split("\n")) if (line.trim() !== "") onLine?.(line);
  };
  child.stdout?.setEncoding("utf8").on("data", take);
  child.stderr?.setEncoding("utf8").on("data", take);
  const [from, to] = child.stdio.slice(3);
  if (from instanceof Readable && to instanceof Writable) {
    to.on("error", () => undefined); // it has ended, and its end says why
    parameters.onPipes?.(from, to);
  }

  const limit = AbortSignal.timeout(timeoutMs);
  const stop = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const end = (): void => {
    killGroup(child.pid, "SIGTERM");
    setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS).unref();
  };
  stop.addEventListener("abort", end, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    signal?.throwIfAborted();
    if (limit.aborted) throw timeoutError(timeoutMs);
    return { exitCode, output };
  } finally {
    stop.removeEventListener("abort", end);
  }
}

/** What esbuild does not take as it is in a path: what Windows forbids in names. */
const UNSTEADY = /[<>:"|?*]/;

function preloadsFor(paths: readonly string[]): string[] {
  if (!paths.some((path) => UNSTEADY.test(path))) return [];
  // The compiler puts out a file beside this one with the ending of this one.
  const file = import.meta.url.replace(/runWrangler\.(\w+)$/, "steadyNames.$1");
  return ["--import", file];
}

/** Its `bin` would only start this in one more process. */
function wranglerProgram(): string {
  return createRequire(import.meta.url).resolve("wrangler");
}

/** A project's build runs code of others: it does not get the keys that this command was given. */
const WITHHELD = ["WORKER3_PRIVATE_KEY", "WORKER3_KEYSTORE_PASSWORD"];

async function environmentOf(temporary: string): Promise<NodeJS.ProcessEnv> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
    WRANGLER_LOG: "log",
    WRANGLER_LOG_PATH: join(temporary, "log"),
    NO_COLOR: "1",
    FORCE_COLOR: "0",
  };
  // Half of the time that it takes to load is compiling.
  const cache = getCompileCacheDir();
  if (cache !== undefined) environment.NODE_COMPILE_CACHE ??= dirname(cache);
  for (const name of WITHHELD) delete environment[name];
  // Wrangler ends where it cannot keep its notes.
  if (!(await hasWritableConfig())) environment.XDG_CONFIG_HOME = join(temporary, "config");
  // It would end up in the bundle; without it wrangler bundles for production, and builds see what they always see.
  delete environment.NODE_ENV;
  return environment;
}

/** Whether the user's folder for configurations can be made and written to. */
async function hasWritableConfig(): Promise<boolean> {
  try {
    const folder = join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), ".wrangler");
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It is gone.
  }
}

function timeoutError(timeoutMs: number): BundleError {
  return new BundleError({
    code: "BUNDLE_TIMEOUT",
    message: `Wrangler did not finish within ${timeoutMs} ms.`,
    value: String(timeoutMs),
    next: "see whether the project's build command ends by itself",
  });
}
