import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestClient, http, publicActions } from "viem";
import { anvilPath } from "./anvilPath.ts";
import type { OwnProcess, Processes } from "./createProcesses.ts";
import { untilEither } from "./untilEither.ts";

const CHAIN_ID = 31_337;
const START_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

export interface StartChainParameters {
  readonly processes: Processes;
  readonly port: number;
  readonly stateDirectory: string;
  readonly signal: AbortSignal;
}

/** anvil, with a block for each transaction until `mineEverySecond`. */
export interface Chain {
  readonly rpcUrl: string;
  readonly process: OwnProcess;
}

export async function startChain(parameters: StartChainParameters): Promise<Chain> {
  const { processes, port, stateDirectory, signal } = parameters;
  const logFile = join(stateDirectory, "anvil.log");
  const log = openSync(logFile, "a");
  const own = processes.start({
    name: "the chain (anvil)",
    file: anvilPath(),
    args: [
      ...["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(CHAIN_ID)],
      // The block that the tag `finalized` names is then two behind the newest, not 64.
      ...["--hardfork", "osaka", "--slots-in-an-epoch", "1"],
      // States of ten minutes more than the memory holds: a day of blocks would be gigabytes.
      ...["--quiet", "--cache-path", join(stateDirectory, "chain"), "--max-persisted-states", "600"],
    ],
    output: [log, log],
    graceMs: 0,
    last: true,
  });
  closeSync(log);
  const rpcUrl = `http://127.0.0.1:${port}`;
  const answered = new AbortController();
  try {
    const next = `look into ${logFile}`;
    const asked = untilAnswer(rpcUrl, answered.signal);
    await untilEither(asked, { process: own, timeoutMs: START_TIMEOUT_MS, signal, next });
  } finally {
    answered.abort();
  }
  return { rpcUrl, process: own };
}

/** From now on a block a second, whether there are transactions or not. */
export async function mineEverySecond(rpcUrl: string): Promise<void> {
  const client = chainClient(rpcUrl);
  await client.setAutomine(false);
  await client.setIntervalMining({ interval: 1 });
}

export function chainClient(rpcUrl: string) {
  return createTestClient({ mode: "anvil", transport: http(rpcUrl, { retryCount: 0 }) }).extend(
    publicActions,
  );
}

async function untilAnswer(rpcUrl: string, signal: AbortSignal): Promise<void> {
  const client = chainClient(rpcUrl);
  while (!signal.aborted) {
    try {
      await client.getChainId();
      return;
    } catch {
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }
}
