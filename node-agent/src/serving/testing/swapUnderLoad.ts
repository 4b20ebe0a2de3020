import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { fetchEdge } from "../../edge/testing/testEdge.ts";
import { until } from "../../testing/until.ts";
import type { ServingNode, TestVersion } from "./startServingNode.ts";

export interface SwapsUnderLoad {
  /** Requests that were answered as they should. */
  readonly answered: number;
  /** What went wrong with each of the others. */
  readonly lost: readonly string[];
  readonly versionsSeen: number;
  /** From the order to the first answer of the new version, in ms. */
  readonly swapMs: readonly number[];
}

export interface SwapsOptions {
  readonly projectId: bigint;
  readonly swaps: number;
  readonly visitors: number;
  /** Between two requests of a visitor. */
  readonly pauseMs?: number;
}

/** A worker that answers with its number: at once, after a while, or in a stream; it takes bodies too. */
export function numberedWorker(number: number): TestVersion {
  return {
    manifest: { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
    files: {
      "worker/i.js": `export default { async fetch(request) {
        const { pathname } = new URL(request.url);
        if (request.method === "POST") await request.text();
        if (pathname === "/slow") await scheduler.wait(30);
        if (pathname !== "/stream") return new Response("${number}");
        const { readable, writable } = new TransformStream();
        (async () => {
          const writer = writable.getWriter();
          for (const part of ["", "", "${number}"]) {
            await scheduler.wait(10);
            await writer.write(new TextEncoder().encode(part));
          }
          await writer.close();
        })();
        return new Response(readable);
      } }`,
    },
  };
}

/** Puts one version after the other live while visitors ask without a break, and tells what they lost. */
export async function swapUnderLoad(node: ServingNode, options: SwapsOptions): Promise<SwapsUnderLoad> {
  const { projectId, swaps, visitors, pauseMs = 5 } = options;
  const host = node.hostOf(projectId);
  const lost: string[] = [];
  const seen = new Set<string>();
  const swapMs: number[] = [];
  let answered = 0;
  let isRunning = true;

  async function visit(index: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const path = ["/", "/slow", "/stream"][index % 3] ?? "/";
    const about = index % 4 === 0 ? { method: "POST", body: "a body" } : {};
    let newest = 0;
    while (isRunning) {
      try {
        const { status, body, headers } = await fetchEdge(node.edge, { host, agent, path, ...about });
        if (status !== 200) lost.push(`${status} ${body}`);
        else if (headers["worker3-version"] !== body)
          lost.push(`${body} came as ${headers["worker3-version"]}`);
        else if (Number(body) < newest) lost.push(`${body} came after ${newest}`);
        else answered += 1;
        newest = Math.max(newest, Number(body));
        seen.add(body);
      } catch (error) {
        lost.push(String(error));
      }
      await wait(pauseMs);
    }
    agent.destroy();
  }

  const untilAnswers = (version: number) =>
    until(
      `version ${version}`,
      async () => (await fetchEdge(node.edge, { host })).headers["worker3-version"] === String(version),
      { timeoutMs: 60_000 },
    );
  await node.deploy(projectId, numberedWorker(1));
  await untilAnswers(1);
  const load = Promise.all(Array.from({ length: visitors }, (_, index) => visit(index)));
  for (let number = 2; number <= swaps + 1; number++) {
    const startMs = performance.now();
    await node.deploy(projectId, numberedWorker(number));
    await untilAnswers(number);
    swapMs.push(performance.now() - startMs);
    // One more than were under way: at least one of them met this version.
    const before = answered;
    await until("visitors come", () => answered > before + visitors);
  }
  isRunning = false;
  await load;
  return { answered, lost, versionsSeen: seen.size, swapMs };
}
