import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  asset,
  createNetworkWriter,
  encodeCall,
  type Network,
  networkToJson,
  nodes,
  pack,
  projects,
} from "@worker3/sdk";
import { deployNetwork, minedReceipt, mint, startAnvil, testAccount } from "@worker3/sdk/testing";
import { type Abi, encodeFunctionData, getContractAddress, type Hex } from "viem";
import type { Result } from "./table.ts";

/** `BENCH_PROJECTS` makes a quick look of it. */
const PROJECTS = Number(process.env.BENCH_PROJECTS ?? 100_000);
/** Each project is drawn three of them: the node that is measured has a seat in some three thousand. */
const NODES = Math.min(100, Math.ceil(PROJECTS / 100));
const BATCH = 100;
/** The chain's queue is emptied after so many: it works through some hundred deployments a second. */
const STEP = 5_000;
const STEP_TIMEOUT_MS = 300_000;
const RUNS = 3;
const GOAL_SECONDS = 60;
const GOAL_MB = 300;
const MB = 1_000_000;

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

interface Outcome {
  seconds: number;
  maxRssBytes: number;
  facts: number;
  /** All that the view knows. */
  projects: number;
  /** Of these, the node's. */
  own: number;
  head: number;
}

/**
 * How long an agent takes to read so many projects from the logs of a chain into its ledger, and what memory that takes
 * together with what it then holds of all of them, and of its own. Chain and contracts are real, and each project was made
 * by a real `deploy`; the chain runs on the same machine.
 */
export async function sync(): Promise<Result> {
  const anvil = await startAnvil({ args: ["--disable-block-gas-limit", "--no-request-size-limit"] });
  const directory = await mkdtemp(join(tmpdir(), "worker3-bench-"));
  try {
    const network = await deployNetwork({ rpcUrl: anvil.rpcUrl });
    console.error(`deploying ${PROJECTS} projects ...`);
    await fillChain(network);
    const outcomes: (Outcome & { ledgerBytes: number })[] = [];
    for (let i = 0; i < RUNS; i++) {
      console.error(`sync ${i + 1} of ${RUNS} ...`);
      const ledgerFile = join(directory, `ledger-${i}`);
      const script = join(import.meta.dirname, "support/syncOnce.ts");
      const args = ["--conditions=source", script, JSON.stringify(networkToJson(network)), ledgerFile];
      const { stdout } = await run(process.execPath, args);
      const outcome = JSON.parse(stdout) as Outcome;
      if (outcome.projects !== PROJECTS)
        throw new Error(`${outcome.projects} projects came out of ${PROJECTS}`);
      outcomes.push({ ...outcome, ledgerBytes: (await stat(ledgerFile)).size });
    }
    const median = (of: (outcome: (typeof outcomes)[number]) => number) =>
      outcomes.map(of).sort((a, b) => a - b)[Math.floor(outcomes.length / 2)] ?? Number.NaN;
    const scale = PROJECTS / 100_000;
    return {
      bench: `sync: ${PROJECTS} projects, ${outcomes[0]?.own} of them the node's, ${outcomes[0]?.facts} facts; median of ${RUNS}`,
      rows: [
        {
          what: "to the head",
          value: round(median((o) => o.seconds)),
          unit: "s",
          goal: GOAL_SECONDS * scale,
        },
        {
          what: "memory at most (RSS)",
          value: round(median((o) => o.maxRssBytes) / MB),
          unit: "MB",
          goal: GOAL_MB,
        },
        { what: "ledger on disk", value: round(median((o) => o.ledgerBytes) / MB), unit: "MB" },
      ],
    };
  } finally {
    await anvil.stop();
    await rm(directory, { recursive: true });
  }
}

/** Nodes, and so many projects on them. */
async function fillChain(network: Network): Promise<void> {
  const account = testAccount(0);
  const writer = createNetworkWriter({ network, account, pollingMs: 20 });
  const { publicClient, walletClient } = writer;
  const stake = await nodes.minStake(writer);
  await mint(writer, { to: account.address, amount: stake * BigInt(NODES) });
  await asset.ensureAllowance(writer, {
    spender: network.contracts.nodeRegistry,
    amount: stake * BigInt(NODES),
  });
  for (let node = 1; node <= NODES; node++) {
    const endpoint = `https://node${node}.example.org`;
    const { nodeId } = await nodes.register(writer, {
      operator: account.address,
      region: "weur",
      endpoint,
      stake,
    });
    await nodes.setPresence(writer, { nodeId, untilEpoch: 30, leastCap: 0n });
  }

  const artifact = join(root, "artifacts/contracts/mocks/Batch.sol/Batch.json");
  const { abi, bytecode } = JSON.parse(await readFile(artifact, "utf8")) as { abi: Abi; bytecode: Hex };
  let nonce = await publicClient.getTransactionCount({ address: account.address });
  const batch = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
  await walletClient.deployContract({ abi, bytecode, account, nonce });
  const { cid } = await pack([{ path: ".worker3/manifest.json", content: new TextEncoder().encode("{}") }]);
  for (let first = 0; first < PROJECTS; first += BATCH) {
    const calls = Array.from(
      { length: Math.min(BATCH, PROJECTS - first) },
      (_, i) =>
        encodeCall(projects.deploy.call(writer, { domain: `p-${first + i}.${network.zone}`, cid })).data,
    );
    nonce += 1;
    const hash = await walletClient.sendTransaction({
      account,
      to: batch,
      data: encodeFunctionData({
        abi,
        functionName: "act",
        args: [network.contracts.projectRegistry, calls],
      }),
      gas: 60_000_000n,
      nonce,
    });
    const made = Math.min(first + BATCH, PROJECTS);
    if (made % STEP !== 0 && made !== PROJECTS) continue;
    const { status } = await minedReceipt(publicClient, hash, { timeoutMs: STEP_TIMEOUT_MS });
    if (status !== "success") throw new Error(`deployments up to project ${made} failed in ${hash}`);
    console.error(`deployed ${made} of ${PROJECTS}`);
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
