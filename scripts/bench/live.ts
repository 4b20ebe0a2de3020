import { loadavg } from "node:os";
import { createNetworkWriter } from "@worker3/sdk";
import { privateKeyToAccount } from "viem/accounts";
import { type Devnet, startOwnDevnet } from "../devnet/testing/startOwnDevnet.ts";
import { type BenchProject, createBenchProject } from "./support/createBenchProject.ts";
import { quantile } from "./support/quantile.ts";
import { type Heads, watchHeads } from "./support/watchHeads.ts";
import type { Result, Row } from "./table.ts";

/** `BENCH_ROUNDS` and `BENCH_AGENTS` (such as `3`) make a quick look of it. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
const AGENTS = (process.env.BENCH_AGENTS ?? "3,20").split(",").map(Number);
/** Of a project at most. */
const SEATS = 8;
/** The goal is one for so many agents. */
const GOAL_AGENTS = 20;
const GOAL_MS = 300;
/** Longer than the benchmark: what an epoch's end costs is not part of it. */
const EPOCH_SECONDS = 3_600;

/**
 * How long it takes from a block with a new version to the first page of that version, of each replica and of the last
 * one. The content was uploaded ahead and its cells are warm; chain, agents, cells and visitors share this machine.
 * Waiting for the block is not part of it.
 */
export async function live(): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const rows: Row[] = [];
    for (const agents of AGENTS) rows.push(...(await measure(agents, stop.signal)));
    return { bench: `live: ${ROUNDS} deployments; load of the machine before ${load.toFixed(1)}`, rows };
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function measure(agents: number, signal: AbortSignal): Promise<Row[]> {
  console.error(`starting ${agents} agents ...`);
  const devnet = await startOwnDevnet({ nodes: agents, epochSeconds: EPOCH_SECONDS, signal });
  try {
    using heads = await watchHeads(devnet.rpcUrl);
    using all = new DisposableStack();
    const projects: BenchProject[] = [];
    for (const seats of seatsOf(agents)) {
      projects.push(all.use(await createProject(devnet, heads, projects.length + 1, seats, signal)));
    }
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const project = projects[round % projects.length];
      if (project === undefined) break;
      rounds.push(await project.deploy());
      console.error(`deployment ${round + 1}: ${rounds.at(-1)?.map(Math.round).join(", ")} ms`);
    }
    return rowsOf(agents, rounds);
  } finally {
    await devnet.stop();
  }
}

/** As many projects as it takes to have one on each node. */
function seatsOf(agents: number): number[][] {
  const nodeIds = Array.from({ length: agents }, (_, i) => i + 1);
  const count = Math.ceil(agents / SEATS);
  return Array.from({ length: count }, (_, i) => {
    const first = Math.max(0, Math.min(i * SEATS, agents - SEATS));
    return nodeIds.slice(first, first + SEATS);
  });
}

async function createProject(
  { network, accounts, nodes }: Devnet,
  heads: Heads,
  number: number,
  seats: readonly number[],
  signal: AbortSignal,
): Promise<BenchProject> {
  const key = accounts.deployer?.privateKey;
  if (key === undefined) throw new Error("the devnet has no deployer");
  const owner = privateKeyToAccount(key);
  return createBenchProject({
    owner,
    heads,
    signal,
    writer: createNetworkWriter({ network, account: owner }),
    name: `live-${number}`,
    replicas: nodes.filter(({ nodeId }) => seats.includes(nodeId)),
  });
}

function rowsOf(agents: number, rounds: readonly (readonly number[])[]): Row[] {
  const row = (what: string, value: number): Row => ({
    what: `${agents} agents, ${what}`,
    value: Math.round(value),
    unit: "ms",
  });
  const each = rounds.flat();
  const last = rounds.map((round) => Math.max(...round));
  return [
    row("a replica, p50", quantile(each, 0.5)),
    row("a replica, p99", quantile(each, 0.99)),
    row("all replicas, p50", quantile(last, 0.5)),
    {
      ...row("all replicas, p99", quantile(last, 0.99)),
      ...(agents === GOAL_AGENTS ? { goal: GOAL_MS } : {}),
    },
    row("all replicas, at most", Math.max(...last)),
  ];
}
