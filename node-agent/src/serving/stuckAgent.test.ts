import assert from "node:assert/strict";
import { fetchEdge } from "../edge/testing/testEdge.ts";
import { isRunning } from "../process/processIdentity.ts";
import { until } from "../testing/until.ts";
import { handler } from "./testing/attackedNode.ts";
import { type ServingNode, startServingNode } from "./testing/startServingNode.ts";
import { workerVersion } from "./testing/workerVersion.ts";

const DEADLINE_MS = 30_000;

/** Whatever the agent's thread is busy with: a stranger's request, a large write to the ledger, a bug. */
describe("while the agent's own thread is held up", function () {
  this.timeout(120_000);
  let node: ServingNode;
  const visit = (projectId: bigint, path: string) =>
    fetchEdge(node.edge, { host: node.hostOf(projectId), path });

  before(async () => {
    node = await startServingNode();
  });
  after(() => node[Symbol.asyncDispose]());

  /** Deploys, and waits until the only cell of the project serves. */
  async function serve(projectId: bigint, source: string) {
    await node.deploy(projectId, workerVersion(handler(source)));
    await until("it serves", async () => (await visit(projectId, "/ok")).status === 200);
    const cell = node.runner.cells().find(({ spec }) => spec.projectId === projectId);
    return cell ?? assert.fail("no cell");
  }

  /** Does not let this thread do anything before it is so. */
  function holdUp(what: string, isSo: () => boolean): void {
    const deadline = performance.now() + DEADLINE_MS;
    while (!isSo()) if (performance.now() > deadline) assert.fail(`not before this thread went on: ${what}`);
  }

  it("a cell that hangs is ended, its visitors are told why, its owner is told, and its CPU time is counted", async () => {
    const cell = await serve(
      1n,
      `if (new URL(request.url).pathname === "/loop") for (;;); return new Response("ok")`,
    );
    const { identity } = cell.elsewhere();
    const answer = visit(1n, "/loop");
    const usedMs = cell.cpuMs();
    await until("it loops", () => cell.cpuMs() > usedMs + 20);
    holdUp("the end of what hangs", () => !isRunning(identity));
    const { status, headers } = await answer;
    assert.match(`${status} ${headers["worker3-error"]}`, /^503 CPU_(HANG|LIMIT)$/);
    const end = await cell.gone;
    assert.deepEqual([end.reason, end.limit], ["killed", "CPU_HANG"]);
    assert.ok(cell.cpuMs() > usedMs + 300, `${cell.cpuMs()} ms of ${usedMs}`);
    const codes = () => node.serving.incidents.of(1n).map(({ code }) => code);
    await until("its incident", () => codes().includes("CPU_HANG"));
    const ids = () => node.serving.incidents.of(1n).flatMap(({ requestIds }) => requestIds);
    await until("its request", () => ids().includes(String(headers["worker3-error-id"])));
    assert.equal((await visit(1n, "/ok")).body, "ok", "it is started again at once");
  });

  it("a cell that fills its memory is ended", async () => {
    const source = `if (new URL(request.url).pathname === "/ok") return new Response("ok");
      const held = []; for (;;) { held.push(new Uint8Array(4 << 20).fill(1)); await scheduler.wait(1); }`;
    const cell = await serve(2n, source);
    const { identity } = cell.elsewhere();
    const held = cell.privateBytes();
    const answer = visit(2n, "/fill");
    await until("it fills", () => cell.privateBytes() > held + (8 << 20));
    holdUp("the end of what fills its memory", () => !isRunning(identity));
    assert.equal((await answer).status, 503);
    assert.deepEqual((await cell.gone).reason, "killed");
  });
});
