import { setTimeout as wait } from "node:timers/promises";
import { fetchEdge } from "../../../node-agent/src/edge/testEdge.test.ts";
import {
  type ServingNode,
  startServingNode,
} from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { workerVersion } from "../../../node-agent/src/serving/testing/workerVersion.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";
import { helloVersion } from "./hello.ts";

const HUNG = 1n;
const NEIGHBOURS = Array.from({ length: 10 }, (_, i) => BigInt(i + 2));
const EVERY_MS = 20;
/** More rounds in a minute, and the version would be given up. */
const REST_MS = 16_000;

const SOURCE = `export default { fetch(request) {
  if (new URL(request.url).pathname === "/hang") for (;;);
  return new Response("ok");
} };`;

/** How long a project whose worker hangs is away, and what its neighbours notice. */
export async function hung(rounds: number): Promise<Row[]> {
  console.error(`${rounds} cells that hang ...`);
  await using node = await startServingNode();
  await node.deploy(HUNG, workerVersion(SOURCE));
  await ask(node, HUNG);
  for (const projectId of NEIGHBOURS) {
    await node.deploy(projectId, helloVersion);
    await ask(node, projectId);
  }
  const before = await visitNeighbours(node, wait(3_000));
  const awayMs: number[] = [];
  const meanwhile: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await wait(REST_MS);
    meanwhile.push(
      ...(await visitNeighbours(
        node,
        hangOnce(node).then((ms) => awayMs.push(ms)),
      )),
    );
  }
  const row = (what: string, value: number, goal?: number): Row => ({
    what,
    value: Math.round(value * 10) / 10,
    unit: "ms",
    ...(goal === undefined ? {} : { goal }),
  });
  return [
    row(
      "a hung cell replaced, from the request that hangs to the next page, p50",
      quantile(awayMs, 0.5),
      800,
    ),
    row("the same, at most", Math.max(...awayMs)),
    row("a visit to ten neighbours before, p99", quantile(before, 0.99)),
    row("a visit to ten neighbours meanwhile, p99", quantile(meanwhile, 0.99)),
  ];
}

async function hangOnce(node: ServingNode): Promise<number> {
  const started = performance.now();
  await ask(node, HUNG, "/hang");
  const { status } = await ask(node, HUNG, "/ok");
  if (status !== 200) throw new Error(`the next visitor got ${status}`);
  return performance.now() - started;
}

/** Asks each again and again while something goes on; how long each visit took, in ms. */
async function visitNeighbours(node: ServingNode, until: Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  let isOver = false;
  const visitors = NEIGHBOURS.map(async (projectId) => {
    while (!isOver) {
      const started = performance.now();
      const { status } = await ask(node, projectId);
      if (status !== 200) throw new Error(`a neighbour answered ${status}`);
      tookMs.push(performance.now() - started);
      await wait(EVERY_MS);
    }
  });
  await until;
  isOver = true;
  await Promise.all(visitors);
  return tookMs;
}

function ask(node: ServingNode, projectId: bigint, path = "/") {
  return fetchEdge(node.edge, { host: node.hostOf(projectId), path });
}
