import { fetchEdge } from "../../../node-agent/src/edge/testEdge.test.ts";
import { startServingNode } from "../../../node-agent/src/serving/testing/startServingNode.ts";
import { quantile } from "../support/quantile.ts";
import type { Row } from "../table.ts";
import { helloVersion } from "./hello.ts";
import { readMemory } from "./readMemory.ts";
import { startPeer } from "./startPeer.ts";

const GOAL_MIB = 9.5e6 / 1_048_576;

/** What one more warm project takes, as the median of so many; and what other programs take for the same worker. */
export async function memory(projects: number): Promise<Row[]> {
  console.error(`memory of ${projects} warm projects ...`);
  const rows: Row[] = [];
  {
    await using node = await startServingNode({ cells: { spares: 2 } });
    for (let projectId = 1n; projectId <= projects; projectId++) {
      await node.deploy(projectId, helloVersion);
      await fetchEdge(node.edge, { host: node.hostOf(projectId) });
    }
    const used = node.runner.cells().map(({ pid }) => readMemory([pid]));
    const privates = used.map(({ privateMib }) => privateMib);
    rows.push({
      ...row("private memory of one more warm project", quantile(privates, 0.5)),
      goal: round(GOAL_MIB),
    });
    rows.push(
      row(
        "PSS of it",
        quantile(
          used.map(({ pssMib }) => pssMib),
          0.5,
        ),
      ),
    );
  }
  for (const kind of ["workerd serve", "node:http", "wrangler dev"] as const) {
    const peer = await startPeer(kind);
    try {
      rows.push(row(`private memory of ${kind}`, readMemory(peer.pids).privateMib));
    } finally {
      await peer.stop();
    }
  }
  return rows;
}

function row(what: string, value: number): Row {
  return { what, value: round(value), unit: "MiB" };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
