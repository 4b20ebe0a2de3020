import { mkdtemp, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import { configTextOf, serveArguments } from "../cells/cellProgram.ts";
import type { CellBinding } from "../cells/config/CellBinding.ts";
import { readTail } from "../cells/logs/readTail.ts";
import { launch } from "../cells/process/launch.ts";
import { ping } from "../cells/process/ping.ts";
import { readPrivateBytes, WORKERD_BYTES } from "../cells/process/readPrivateBytes.ts";
import { CONTROL_SOCKET, SOCKETS } from "../cells/records/cellDirectories.ts";
import { bareSandbox } from "../cells/sandbox/bareSandbox.ts";
import { findProgram } from "../cells/sandbox/findProgram.ts";
import { pdeathsigSandbox } from "../cells/sandbox/pdeathsigSandbox.ts";
import type { CellFiles, Sandbox } from "../cells/sandbox/Sandbox.ts";

export interface RunOnceOptions {
  /** The extracted deployment folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly bindings: readonly CellBinding[];
  /** The program. */
  readonly workerd: string;
  /** Where it may write for the time being. */
  readonly directory: string;
  /** What the worker may use; above it is ended, as nodes end it. */
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}

/** How a start went. */
export interface Run {
  /** Whether it was ready for requests. */
  readonly started: boolean;
  /** The end of what it said. */
  readonly log: string;
  /** What it used, where that was more than it may. */
  readonly overBytes?: number;
}

/** As often as nodes look. */
const LOOK_MS = 100;
const LOG_TAIL_BYTES = 8 * 1024;

/**
 * Starts workerd with a cell's configuration until it is ready for requests, and ends it. It is gone when this returns.
 *
 * @throws {CellError} what a binding throws; or the signal's reason.
 */
export async function runOnce(options: RunOnceOptions): Promise<Run> {
  const { folder, manifest, bindings, workerd, memoryBytes, signal } = options;
  signal.throwIfAborted();
  const home = await mkdtemp(join(options.directory, "r"));
  const files: CellFiles = { folder, config: join(home, "cell.capnp"), sockets: home };
  const sandbox = await sandboxFor(workerd);
  const inside = sandbox.inside(files);
  await writeFile(files.config, await configTextOf({ manifest, folder, bindings, inside }));
  const logPath = join(home, "log");
  const log = await open(logPath, "a");
  const launched = launch({
    command: sandbox.command(serveArguments(inside), files),
    reportsPid: sandbox.reportsPid,
    hasInit: sandbox.hasInit,
    logFd: log.fd,
    sockets: SOCKETS,
  });
  const end = (): void => launched.kill();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  let overBytes: number | undefined;
  const weigh = async (): Promise<void> => {
    const pid = await launched.pid;
    const usedBytes = pid === undefined ? 0 : readPrivateBytes(pid) - WORKERD_BYTES;
    if (usedBytes <= memoryBytes) return;
    overBytes = Math.max(overBytes ?? 0, usedBytes);
    end();
  };
  const looks = setInterval(() => void weigh(), LOOK_MS);
  try {
    await log.close();
    const ended = launched.exit.then(({ error }) => ({ listens: false, error }));
    const listening = launched.listening.then((listens) => (listens ? { listens, error: undefined } : ended));
    const { listens, error } = await Promise.race([listening, ended]);
    const started = listens && (await answers(join(home, CONTROL_SOCKET), signal));
    signal.throwIfAborted();
    if (started) await weigh(); // it may be quicker than the next look
    const said = await readTail(logPath, LOG_TAIL_BYTES);
    if (overBytes !== undefined) return { started: false, log: said, overBytes };
    return { started, log: said === "" && error !== undefined ? error.message : said };
  } finally {
    clearInterval(looks);
    signal.removeEventListener("abort", end);
    end();
    await launched.exit;
  }
}

async function answers(controlPath: string, signal: AbortSignal): Promise<boolean> {
  try {
    await ping(controlPath, { signal });
    return true;
  } catch {
    return false; // it ended meanwhile, and its output says why
  }
}

/** It ends with this process where the system can see to that. */
async function sandboxFor(workerd: string): Promise<Sandbox> {
  const setpriv = await findProgram("setpriv");
  return setpriv === undefined ? bareSandbox({ workerd }) : pdeathsigSandbox({ setpriv, workerd });
}
