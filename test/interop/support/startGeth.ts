import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GETH } from "../../../scripts/interop/peers.ts";

/** A chain of one node in a folder of its own, that mines a block each second. */
export interface Geth extends AsyncDisposable {
  readonly rpcUrl: string;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** Starts geth in its development mode: with all forks that it knows, on loopback, and without a network. */
export async function startGeth(): Promise<Geth> {
  if (!existsSync(GETH.path))
    throw new Error(`geth is missing in ${GETH.path}: npm run test:interop installs it`);
  const directory = await mkdtemp(join(tmpdir(), "worker3-geth-"));
  const args = [
    ...["--dev", "--dev.period", "1", "--datadir", directory, "--ipcdisable"],
    ...["--http", "--http.addr", "127.0.0.1", "--http.port", "0", "--http.api", "eth,net,web3"],
    ...["--authrpc.addr", "127.0.0.1", "--authrpc.port", "0"],
    ...["--nodiscover", "--maxpeers", "0", "--nat", "none", "--port", "0"],
  ];
  const child = spawn(GETH.path, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH, HOME: directory },
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);

  const stop = async (): Promise<void> => {
    process.off("exit", kill);
    child.kill("SIGINT");
    const timer = setTimeout(kill, STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(timer);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`geth did not listen within ${START_TIMEOUT_MS} ms: ${text}`)),
        START_TIMEOUT_MS,
      );
      let text = "";
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`geth ended with ${code}: ${text}`)));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length > 100_000) return; // drained, no longer read
        text += chunk;
        const listening = /HTTP server started\s+endpoint=127\.0\.0\.1:(\d+) auth=false/.exec(text);
        if (listening === null) return;
        clearTimeout(timer);
        resolve(Number(listening[1]));
      });
    });
    return { rpcUrl: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
