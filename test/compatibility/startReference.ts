import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { isRunning } from "../../scripts/devnet/readProcess.ts";
import { descendantsOf } from "../e2e/support/leftovers.ts";
import type { Reference } from "./Project.ts";

/** A project that wrangler's own development server serves. */
export interface RunningReference {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Ends it and what it started. */
  stop(): Promise<void>;
}

export interface StartReferenceParameters {
  /** The project's folder; wrangler writes into it. */
  readonly directory: string;
  readonly reference: Reference;
  /** A folder for its logs and for a configuration that the project does not have. */
  readonly temporary: string;
  readonly signal: AbortSignal;
}

/** The wrangler that the command bundles with: another one could serve the same project in another way. */
const wrangler = join(import.meta.dirname, "../../node_modules/wrangler/bin/wrangler.js");
/** Of a project that names none. */
const COMPATIBILITY_DATE = "2026-11-01";
/** How long it may take to end by SIGTERM, also on a busy machine. */
const GRACE_MS = 10_000;
const KEPT_CHARACTERS = 4_096;

/**
 * Starts `wrangler dev` for a project, on loopback.
 *
 * @throws {Error} when it ends or is not ready before the signal aborts; with what it printed.
 */
export async function startReference(parameters: StartReferenceParameters): Promise<RunningReference> {
  const { directory, temporary, signal } = parameters;
  signal.throwIfAborted();
  await mkdir(temporary, { recursive: true });
  const port = await freePort();
  const args = await argumentsOf(parameters);
  const child = spawn(
    process.execPath,
    [wrangler, ...args, "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    {
      cwd: directory,
      env: environmentOf(temporary),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what it starts ends with it.
      detached: true,
    },
  );
  const exited = once(child, "close");
  let output = "";
  const ready = Promise.withResolvers<void>();
  const take = (chunk: string): void => {
    output = (output + chunk).slice(-KEPT_CHARACTERS);
    if (/Ready on http/.test(output)) ready.resolve();
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const fail = () => ready.reject(new Error(`wrangler ${args.join(" ")} does not start:\n${output}`));
  child.once("error", fail).once("close", fail);
  signal.addEventListener("abort", fail);
  const stop = async (): Promise<void> => {
    const isOver = () => child.exitCode !== null || child.signalCode !== null;
    // The runtime is in a group of its own, and outlives a server that had no time to end it.
    const family = child.pid === undefined ? [] : descendantsOf(child.pid);
    if (!isOver()) {
      killGroup(child.pid, "SIGTERM");
      const timer = setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
      await exited;
      clearTimeout(timer);
    }
    killGroup(child.pid, "SIGKILL");
    for (const each of family) if (isRunning(each)) kill(each.pid);
  };
  try {
    await ready.promise;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener("abort", fail);
  }
  return { origin: `http://127.0.0.1:${port}`, stop };
}

async function argumentsOf({ reference, directory, temporary }: StartReferenceParameters): Promise<string[]> {
  switch (reference.kind) {
    case "workers":
      return ["dev"];
    case "pages":
      return reference.folder === undefined
        ? ["pages", "dev"]
        : ["pages", "dev", reference.folder, "--compatibility-date", COMPATIBILITY_DATE];
    case "folder": {
      const config = join(temporary, "wrangler.json");
      // What the command documents for a plain folder: a 404.html answers what is not there.
      const assets = { directory, not_found_handling: "404-page" };
      await writeFile(
        config,
        JSON.stringify({ name: "folder", compatibility_date: COMPATIBILITY_DATE, assets }),
      );
      return ["dev", "--config", config];
    }
  }
}

function environmentOf(temporary: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    CI: "1",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG_PATH: join(temporary, "log"),
    // Development servers of one machine find one another there; each of these is alone.
    WRANGLER_REGISTRY_PATH: join(temporary, "registry"),
    // It would ask Cloudflare for what `request.cf` says; nodes have none.
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
  };
  delete environment.NODE_OPTIONS;
  delete environment.NODE_ENV;
  return environment;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined) kill(-pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}
