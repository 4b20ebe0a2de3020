import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { Network } from "@worker3/sdk";
import { IdentityError } from "./IdentityError.ts";

export interface LockOptions {
  readonly network: Pick<Network, "chainId" | "contracts" | "zone" | "times" | "rpcUrls">;
  readonly nodeId: number;
  /** Told to whoever comes second. */
  readonly stateDirectory: string;
  /** An agent that was just killed may take so long to be gone. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 2_000;
const POLL_MS = 100;
/** Whoever holds the lock is given so long to say who it is. */
const ANSWER_MS = 1_000;

/**
 * Takes the one place that this machine has for a node, whatever folder its state lies in: an abstract Unix socket, which
 * the kernel frees when the process ends, however it does. Holds for one network namespace.
 *
 * Source: unix(7), "abstract".
 *
 * @throws {IdentityError} `NODE_RUNNING`, with the process and the folder of the one that has it.
 */
export async function lockIdentity(options: LockOptions): Promise<AsyncDisposable> {
  const { nodeId, stateDirectory, patienceMs = PATIENCE_MS } = options;
  const path = `\0worker3-${nameOf(options)}`;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const server = await listenOn(path, JSON.stringify({ pid: process.pid, folder: stateDirectory }));
    if (server !== undefined) {
      // The lock alone keeps no process alive.
      server.unref();
      return {
        [Symbol.asyncDispose]: async () => {
          server.close();
          await once(server, "close");
        },
      };
    }
    if (performance.now() >= deadline) throw runningError(nodeId, await askHolder(path));
    await wait(POLL_MS);
  }
}

/** Devnets share chain id, addresses and accounts: there the port of the RPC tells one from another. */
function nameOf({ network, nodeId }: LockOptions): string {
  const { chainId, contracts, zone, times, rpcUrls } = network;
  const devnet = zone.endsWith(".localhost") || zone === "localhost" ? new URL(rpcUrls[0]).host : "";
  const identity = [chainId, contracts.nodeRegistry.toLowerCase(), times.genesis, devnet, nodeId];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}

/** Undefined where another one listens there. */
async function listenOn(path: string, answer: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.on("error", () => undefined).end(answer));
  server.listen({ path });
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
}

async function askHolder(path: string): Promise<string> {
  const socket = connect({ path });
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error("it does not answer")));
  try {
    const { pid, folder } = JSON.parse(await text(socket)) as { pid?: unknown; folder?: unknown };
    return `process ${String(pid)}, folder ${String(folder)}`;
  } catch {
    return "it does not say where";
  }
}

function runningError(nodeId: number, holder: string): IdentityError {
  return new IdentityError({
    code: "NODE_RUNNING",
    message: `another agent of node ${nodeId} runs on this machine: ${holder}`,
    value: String(nodeId),
    next: "stop the other one: two agents of one node sign against each other. A state folder that was copied is one node still",
  });
}
