import { Agent } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fetchEdge } from "../../edge/testing/testEdge.ts";
import { until } from "../../testing/until.ts";
import type { ServingNode } from "./startServingNode.ts";
import { workerVersion } from "./workerVersion.ts";

/** What visitors of the neighbours met since the last look. */
export interface NeighbourReport {
  readonly failures: readonly string[];
  /** How long each waited, in ms. */
  readonly tookMs: readonly number[];
  /** The longest that this process waited for a processor, or was busy itself, in ms. */
  readonly starvedMs: number;
}

export interface Neighbours {
  /** What happened since the last call. */
  take(): NeighbourReport;
  /** Waits until each has answered or failed a request that began after this call. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 50;

/** Projects beside the one that attacks, each asked again and again, each with a little work to do. */
export async function startNeighbours(node: ServingNode, projectIds: readonly bigint[]): Promise<Neighbours> {
  for (const projectId of projectIds) {
    const source = `export default { async fetch(request) {
      let n = 0; for (let i = 0; i < 2e5; i++) n += i;
      return new Response("${projectId}");
    } }`;
    await node.deploy(projectId, workerVersion(source));
  }
  let report = { failures: [] as string[], tookMs: [] as number[] };
  const delay = monitorEventLoopDelay();
  delay.enable();
  let isRunning = true;
  const ended = projectIds.map(() => 0);
  const visitors = projectIds.map(async (projectId, index) => {
    const host = node.hostOf(projectId);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (isRunning) {
      const started = performance.now();
      try {
        const { status, body } = await fetchEdge(node.edge, { host, agent });
        if (status !== 200 || body !== String(projectId))
          report.failures.push(`${host}: ${status} ${body.slice(0, 80)}`);
      } catch (error) {
        report.failures.push(`${host}: ${error}`);
      }
      const tookMs = performance.now() - started;
      report.tookMs.push(tookMs);
      ended[index] = (ended[index] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MS - tookMs)));
    }
    agent.destroy();
  });
  return {
    take() {
      const taken = { ...report, starvedMs: delay.max / 1e6 };
      report = { failures: [], tookMs: [] };
      delay.reset();
      return taken;
    },
    async settle() {
      const before = [...ended];
      // The first that ends may have begun before.
      const isAnswered = () => before.every((count, index) => (ended[index] ?? 0) >= count + 2);
      await until("an answer of every neighbour", isAnswered);
    },
    async stop() {
      isRunning = false;
      delay.disable();
      await Promise.all(visitors);
    },
  };
}
