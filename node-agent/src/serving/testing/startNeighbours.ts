import { Agent } from "node:http";
import { fetchEdge } from "../../edge/testEdge.test.ts";
import type { TestNode } from "./startTestNode.ts";

/** What visitors of the neighbours met since the last look. */
export interface NeighbourReport {
  readonly answered: number;
  readonly failures: readonly string[];
  readonly slowestMs: number;
}

export interface Neighbours {
  /** What happened since the last call. */
  take(): NeighbourReport;
  stop(): Promise<void>;
}

const EVERY_MS = 50;

/** Projects beside the one that attacks, each asked again and again, some with a little work to do. */
export async function startNeighbours(node: TestNode, count: number): Promise<Neighbours> {
  const names = Array.from({ length: count }, (_, i) => `neighbour${i}`);
  for (const name of names) {
    await node.deploy(
      name,
      `export default { async fetch(request) {
        let n = 0; for (let i = 0; i < 2e5; i++) n += i;
        return new Response("${name}");
      } }`,
    );
  }
  let report = { answered: 0, failures: [] as string[], slowestMs: 0 };
  let isRunning = true;
  const visitors = names.map(async (name) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (isRunning) {
      const started = performance.now();
      try {
        const { status, body } = await fetchEdge(node, { host: `${name}.test`, agent });
        if (status !== 200 || body !== name) report.failures.push(`${name}: ${status} ${body.slice(0, 80)}`);
      } catch (error) {
        report.failures.push(`${name}: ${error}`);
      }
      const tookMs = performance.now() - started;
      report.answered += 1;
      report.slowestMs = Math.max(report.slowestMs, tookMs);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MS - tookMs)));
    }
    agent.destroy();
  });
  return {
    take() {
      const taken = report;
      report = { answered: 0, failures: [], slowestMs: 0 };
      return taken;
    },
    async stop() {
      isRunning = false;
      await Promise.all(visitors);
    },
  };
}
