import { fetchEdge } from "../../../node-agent/src/edge/testing/testEdge.ts";
import {
  type ServingNode,
  startServingNode,
} from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { until } from "../../../node-agent/src/testing/until.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";
import { helloVersion } from "./hello.ts";
import { type PeerKind, startPeer } from "./startPeer.ts";

const PROJECT = 1n;
const GOAL_MS = 18;
/** `wrangler dev` takes seconds each time. */
const SLOW_ROUNDS = 3;

/** How long the first visitor of a sleeping project waits, through the edge; and that of a program that is started. */
export async function firstByte(rounds: number): Promise<Row[]> {
  const rows = [
    ...(await sleeping("started from nothing", rounds, 0)),
    ...(await sleeping("from a spare", rounds, 2)),
  ];
  for (const kind of ["workerd serve", "node:http", "wrangler dev"] as const) {
    rows.push(row(`first byte of a new ${kind}, p50`, quantile(await started(kind, rounds), 0.5)));
  }
  return rows;
}

async function sleeping(how: string, rounds: number, spares: number): Promise<Row[]> {
  console.error(`first byte, ${how} ...`);
  // Asleep at once: it is told to by the loop below.
  await using node = await startServingNode({
    cells: { spares },
    idleMs: -1,
    tickMs: 3_600_000,
  });
  const { bound } = node.runner.enforces;
  if (spares > 0 && bound !== "bwrap") return [];
  await node.deploy(PROJECT, helloVersion);
  const samples: number[] = [];
  // The first is a start from nothing in either case, after which its configuration is compiled.
  for (let round = -2; round < rounds; round++) {
    const startMs = performance.now();
    const { status } = await fetchEdge(node.edge, { host: node.hostOf(PROJECT) });
    const tookMs = performance.now() - startMs;
    if (status !== 200) throw new Error(`a sleeping project answers ${status}`);
    if (round >= 0) samples.push(tookMs);
    await putToSleep(node);
  }
  const about = `first byte of a sleeping project (${bound}), ${how}`;
  return [
    { ...row(`${about}, p50`, quantile(samples, 0.5)), ...(spares > 0 ? { goal: GOAL_MS } : {}) },
    row(`${about}, p95`, quantile(samples, 0.95)),
  ];
}

async function putToSleep(node: ServingNode): Promise<void> {
  node.reconciler.tick();
  await until(
    "sleep",
    () => node.reconciler.status(PROJECT)?.state === "sleeping" && node.runner.cells().length === 0,
  );
  // Long enough for the next spare to wait, and for a configuration to be compiled.
  const restMs = performance.now() + 1_000;
  await until("rest", () => performance.now() > restMs);
}

async function started(kind: PeerKind, rounds: number): Promise<number[]> {
  console.error(`first byte, ${kind} ...`);
  const samples: number[] = [];
  for (let round = 0; round < Math.min(rounds, kind === "wrangler dev" ? SLOW_ROUNDS : rounds); round++) {
    const peer = await startPeer(kind);
    samples.push(peer.firstByteMs);
    await peer.stop();
  }
  return samples;
}

function row(what: string, value: number): Row {
  return { what, value: Math.round(value * 10) / 10, unit: "ms" };
}
