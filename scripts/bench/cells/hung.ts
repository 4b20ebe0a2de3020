import { setTimeout as wait } from "node:timers/promises";
import { fetchEdge } from "../../../node-agent/src/edge/testing/testEdge.ts";
import { ATTACK_SOURCES } from "../../../node-agent/src/serving/testing/attackSources.ts";
import { startNeighbours } from "../../../node-agent/src/serving/testing/startNeighbours.ts";
import {
  type ServingNode,
  startServingNode,
} from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { workerVersion } from "../../../node-agent/src/serving/testing/workerVersion.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";

const NEIGHBOURS = Array.from({ length: 10 }, (_, i) => BigInt(i + 1));
/** Each hang is another project's: one that dies again rests. */
const FIRST_HUNG = 1_000n;
/** The next spare process waits by then. */
const REST_MS = 1_000;
/** How long an attack goes on. */
const ATTACK_MS = 5_000;

/** How long a project whose worker hangs is away, and what its neighbours notice of that and of other attacks. */
export async function hung(rounds: number): Promise<Row[]> {
  console.error(`${rounds} cells that hang ...`);
  await using node = await startServingNode({ cells: { spares: 2, memoryMiB: 64 } });
  const neighbours = await startNeighbours(node, NEIGHBOURS);
  await neighbours.settle();
  neighbours.take();

  const p99 = async (of: Promise<unknown>) => {
    await of;
    await neighbours.settle();
    const { tookMs, failures } = neighbours.take();
    for (const failure of failures) console.error(`lost: ${failure}`);
    return { p99: quantile(tookMs, 0.99), lost: failures.length };
  };
  const rows: Row[] = [];
  const visits = (what: string, value: number) =>
    rows.push(row(`a visit to ten neighbours ${what}, p99`, value));
  let lost = 0;

  const before = await p99(wait(ATTACK_MS));
  const awayMs: number[] = [];
  const whileHung: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const projectId = FIRST_HUNG + BigInt(round);
    await node.deploy(projectId, workerVersion(ATTACK_SOURCES.loop));
    await ask(node, projectId, "/ok");
    await wait(REST_MS);
    neighbours.take();
    const meanwhile = await p99(hangOnce(node, projectId).then((ms) => awayMs.push(ms)));
    whileHung.push(meanwhile.p99);
    lost += meanwhile.lost;
  }
  rows.push(
    row(
      "a hung cell replaced, from the request that hangs to the next page, p50",
      quantile(awayMs, 0.5),
      800,
    ),
    row("the same, at most", Math.max(...awayMs)),
  );
  visits("before", before.p99);
  visits("while a cell hangs", quantile(whileHung, 0.5));

  let attacker = 100n;
  for (const [name, source] of Object.entries(ATTACK_SOURCES)) {
    console.error(`attack: ${name} ...`);
    attacker += 1n;
    await node.deploy(attacker, workerVersion(source));
    const meanwhile = await p99(attack(node, attacker));
    visits(`while another attacks by ${name}`, meanwhile.p99);
    lost += meanwhile.lost;
    await node.change(attacker, { versions: [], active: 0 });
  }
  await neighbours.stop();
  rows.push({ what: "requests that neighbours lost by all that", value: lost, unit: "requests", goal: 0 });
  return rows;
}

/** From the request that hangs to the answer of the one after it, in ms. */
async function hangOnce(node: ServingNode, projectId: bigint): Promise<number> {
  const started = performance.now();
  await ask(node, projectId, "/hang");
  const { status, body } = await ask(node, projectId, "/ok");
  if (status !== 200) throw new Error(`the next visitor got ${status}: ${body}`);
  return performance.now() - started;
}

/** Two visitors of the attacker, who do not stop. */
async function attack(node: ServingNode, projectId: bigint): Promise<void> {
  const untilMs = performance.now() + ATTACK_MS;
  const visitor = async () => {
    while (performance.now() < untilMs) await ask(node, projectId).catch(() => undefined);
  };
  await Promise.all([visitor(), visitor()]);
}

function ask(node: ServingNode, projectId: bigint, path = "/") {
  return fetchEdge(node.edge, { host: node.hostOf(projectId), path });
}

function row(what: string, value: number, goal?: number): Row {
  return { what, value: Math.round(value * 10) / 10, unit: "ms", ...(goal === undefined ? {} : { goal }) };
}
