import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fetchEdge } from "../../../node-agent/src/edge/testing/testEdge.ts";
import {
  type ServingNode,
  startServingNode,
} from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";
import { helloVersion } from "./hello.ts";
import { readMemory } from "./readMemory.ts";

const HOT = 10;
const REQUESTS = 100;
/** Between two visitors who wake: the next spare process waits by then. */
const SPARE_MS = 1_000;

export interface ManyProjectsOptions {
  /** How many are registered, of which ten are hot and the others asleep. */
  readonly registered: readonly number[];
  /** How many are warm at once. */
  readonly warm: number;
  /** How many sleeping ones are woken. */
  readonly rounds: number;
}

/** What many projects cost those who are visited. */
export async function manyProjects({ registered, warm, rounds }: ManyProjectsOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of registered) {
    console.error(`${count} registered projects ...`);
    await using node = await startServingNode({ cells: { spares: 2 } });
    await register(node, count);
    const hot = Array.from({ length: Math.min(HOT, count) }, (_, i) => BigInt(i + 1));
    await wake(node, hot);
    rows.push(...latencyRows(`${count} registered, ${hot.length} hot`, await ask(node, hot)));
    const asleep = Array.from({ length: Math.min(rounds, count - hot.length) }, (_, i) => BigInt(count - i));
    if (asleep.length > 0) {
      rows.push(
        row(
          `${count} registered, first byte of a sleeping one, p50`,
          quantile(await wake(node, asleep, SPARE_MS), 0.5),
          "ms",
        ),
      );
    }
  }
  rows.push(...(await manyWarm(warm)));
  return rows;
}

async function manyWarm(warm: number): Promise<Row[]> {
  console.error(`${warm} warm projects ...`);
  await using node = await startServingNode({
    cells: { spares: 2, idleMs: 3_600_000, warmBytes: 2 ** 40 },
  });
  await register(node, warm);
  const all = Array.from({ length: warm }, (_, i) => BigInt(i + 1));
  await wake(node, all);
  const cells = node.runner.cells();
  const used = readMemory(cells.map(({ pid }) => pid));
  return [
    row(`${warm} warm, cells that run`, cells.length, "cells"),
    row(`${warm} warm, private memory of each`, used.privateMib / cells.length, "MiB"),
    row(`${warm} warm, PSS of all`, used.pssMib, "MiB"),
    ...latencyRows(`${warm} warm`, await ask(node, all)),
  ];
}

async function register(node: ServingNode, count: number): Promise<void> {
  for (let projectId = 1n; projectId <= count; projectId++) await node.deploy(projectId, helloVersion);
}

/** The first visit of each, one after the other. */
async function wake(node: ServingNode, projectIds: readonly bigint[], pauseMs = 0): Promise<number[]> {
  const took: number[] = [];
  for (const projectId of projectIds) {
    const startMs = performance.now();
    const { status } = await fetchEdge(node.edge, { host: node.hostOf(projectId) });
    if (status !== 200) throw new Error(`project ${projectId} answers ${status}`);
    took.push(performance.now() - startMs);
    await wait(pauseMs);
  }
  return took;
}

/** Visits of warm ones, one after the other on one connection. */
async function ask(node: ServingNode, projectIds: readonly bigint[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took: number[] = [];
  for (let i = 0; i < Math.max(REQUESTS, projectIds.length * 2); i++) {
    const startMs = performance.now();
    await fetchEdge(node.edge, { host: node.hostOf(projectIds[i % projectIds.length] ?? 1n), agent });
    took.push(performance.now() - startMs);
  }
  agent.destroy();
  return took;
}

function latencyRows(what: string, samples: readonly number[]): Row[] {
  return [
    row(`${what}, a visit, p50`, quantile(samples, 0.5), "ms"),
    row(`${what}, a visit, p99`, quantile(samples, 0.99), "ms"),
  ];
}

function row(what: string, value: number, unit: string): Row {
  return { what, value: Math.round(value * 10) / 10, unit };
}
