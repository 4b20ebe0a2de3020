import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { workerdBinary } from "../../../node-agent/src/cells/workerdBinary.ts";
import { HELLO, HELLO_NODE } from "./hello.ts";

/** Another program that serves the worker. */
export interface Peer {
  /** From the start of its process to the first byte of its first answer. */
  readonly firstByteMs: number;
  /** Of the process and all that it started. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export type PeerKind = "workerd serve" | "wrangler dev" | "node:http";

const TIMEOUT_MS = 60_000;
const wrangler = join(import.meta.dirname, "../../../node_modules/wrangler/bin/wrangler.js");

/** Starts one in a folder of its own, and asks it until it answers. */
export async function startPeer(kind: PeerKind): Promise<Peer> {
  const home = await mkdtemp(join(tmpdir(), "bench-"));
  const port = await freePort();
  const config = { name: "hello", main: "index.js", compatibility_date: "2026-11-01" };
  await writeFile(join(home, "index.js"), HELLO);
  await writeFile(join(home, "wrangler.json"), JSON.stringify({ ...config, no_bundle: true }));
  const [file, args] = commandOf(kind, port);
  const startMs = performance.now();
  const child = spawn(file, args, {
    cwd: home,
    env: { ...process.env, PORT: String(port), WRANGLER_SEND_METRICS: "false", CI: "1", NODE_OPTIONS: "" },
    stdio: "ignore",
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${kind} does not start`);
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    while (!(await answers(port))) {
      if (performance.now() - startMs > TIMEOUT_MS) throw new Error(`${kind} does not answer`);
      await wait(1);
    }
    return { firstByteMs: performance.now() - startMs, pids: processTree(pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function commandOf(kind: PeerKind, port: number): [file: string, args: string[]] {
  switch (kind) {
    case "workerd serve":
      return [
        workerdBinary().path,
        ["serve", "--experimental", "wrangler.json", "-s", `http=127.0.0.1:${port}`],
      ];
    case "wrangler dev":
      return [process.execPath, [wrangler, "dev", "--ip", "127.0.0.1", "--port", String(port)]];
    case "node:http":
      return [process.execPath, ["-e", HELLO_NODE]];
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.once("error", () => resolve(false)).end();
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A process and its descendants. */
function processTree(pid: number): number[] {
  const children = (of: number): number[] => {
    try {
      return readdirSync(`/proc/${of}/task`).flatMap((thread) =>
        readFileSync(`/proc/${of}/task/${thread}/children`, "utf8")
          .trim()
          .split(" ")
          .filter(Boolean)
          .map(Number),
      );
    } catch {
      return [];
    }
  };
  const all = (of: number): number[] => [of, ...children(of).flatMap(all)];
  return all(pid);
}
