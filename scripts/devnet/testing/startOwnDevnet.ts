import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Network } from "@worker3/sdk";
import { parseNetwork } from "@worker3/sdk";
import type { Hex } from "viem";

const root = join(import.meta.dirname, "../../..");

export interface DevnetNode {
  readonly nodeId: number;
  readonly http: string;
  readonly host: string;
  readonly admin: string;
  readonly pid: number;
}

/** A devnet of its own, started by its command. */
export interface Devnet {
  readonly network: Network;
  readonly rpcUrl: string;
  readonly nodes: readonly DevnetNode[];
  readonly accounts: Readonly<Record<string, { readonly address: Hex; readonly privateKey: Hex }>>;
  /** Absent where it was told to do without. */
  readonly sample?: { readonly domain: string };
  /** `devnet.json`: a network file. */
  readonly networkFile: string;
  readonly stateDirectory: string;
  readonly child: ChildProcess;
  /** What it wrote to stderr so far. */
  log(): string;
  /** Ends it in order and removes its state. */
  stop(): Promise<void>;
}

export interface StartOwnDevnetOptions {
  readonly nodes?: number;
  readonly epochSeconds?: number;
  readonly args?: readonly string[];
  /** Makes of its command line one of a program that runs it, such as a shell; `child` is that one then. */
  readonly through?: (command: readonly string[]) => readonly string[];
  /** Ends it while it starts; what runs is ended by `stop`. */
  readonly signal?: AbortSignal;
}

const TRIES = 5;

/** The command line of `npm run devnet`. */
export const DEVNET = [process.execPath, "--conditions=source", join(root, "scripts/devnet/main.ts")];

/** Starts a devnet on free ports, in a temporary folder; without a sample project unless asked. */
export async function startOwnDevnet(options: StartOwnDevnetOptions = {}): Promise<Devnet> {
  for (let i = 1; ; i++) {
    try {
      return await tryStart(options);
    } catch (error) {
      if (i === TRIES || !String(error).includes("PORT_IN_USE")) throw error;
    }
  }
}

async function tryStart({
  nodes = 3,
  epochSeconds = 20,
  args = ["--no-sample"],
  through = (command) => command,
  signal,
}: StartOwnDevnetOptions): Promise<Devnet> {
  signal?.throwIfAborted();
  const stateDirectory = await mkdtemp(join(tmpdir(), "w3-"));
  // Below those that the kernel gives to outgoing connections: one of another test would hold the port for a moment.
  const portBase = 10_000 + Math.floor(Math.random() * 220) * 100;
  const numbers = { nodes, "epoch-seconds": epochSeconds, "port-base": portBase, "rpc-port": portBase + 90 };
  const [file = "", ...rest] = through([
    ...[...DEVNET, "--json", "--state", stateDirectory],
    ...Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...args,
  ]);
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "pipe"], cwd: root });
  let output = "";
  let log = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(stateDirectory, { recursive: true, force: true });
  };
  const giveUp = () => void child.kill("SIGTERM");
  signal?.addEventListener("abort", giveUp);
  await new Promise<void>((resolve) => {
    child.stdout.on("data", () => {
      if (output.includes("\n")) resolve();
    });
    child.once("exit", () => resolve());
  });
  signal?.removeEventListener("abort", giveUp);
  const document = output === "" ? undefined : JSON.parse(output);
  if (document?.event !== "ready" || signal?.aborted) {
    await stop();
    signal?.throwIfAborted();
    throw new Error(`the devnet did not start: ${output}\n${log}`);
  }
  return {
    ...document,
    network: parseNetwork(document),
    networkFile: join(stateDirectory, "devnet.json"),
    stateDirectory,
    child,
    log: () => log,
    stop,
  };
}
