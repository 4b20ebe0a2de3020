import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fetchEdge } from "../../../node-agent/src/edge/testing/testEdge.ts";
import { childrenOf } from "../../../node-agent/src/process/childrenOf.ts";
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
    // The next spare processes start a moment after those that were taken.
    await wait(1_000);
    const spares = sparesOf(node.runner.cells().map(({ pid }) => pid)).map((pid) => readMemory([pid]));
    if (spares.length > 0) rows.push(row("PSS of a spare", Math.max(...spares.map(({ pssMib }) => pssMib))));
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

/** workerd processes below this one that are no cells. */
function sparesOf(cells: readonly number[]): number[] {
  const found: number[] = [];
  const look = (pid: number): void => {
    for (const child of childrenOf(pid)) {
      if (isWorkerd(child) && !cells.includes(child)) found.push(child);
      look(child);
    }
  };
  look(process.pid);
  return found;
}

function isWorkerd(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "workerd";
}

function row(what: string, value: number): Row {
  return { what, value: round(value), unit: "MiB" };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
