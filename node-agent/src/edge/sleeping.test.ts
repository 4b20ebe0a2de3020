import assert from "node:assert/strict";
import { Agent } from "node:http";
import { connect } from "node:net";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk } from "./testing/testEdge.ts";

describe("edge: sleeping projects", () => {
  let test: TestEdge;

  before(async () => {
    test = await startTestEdge();
  });
  after(() => test.stop());

  async function sleep(projectId: string): Promise<string> {
    const host = `${projectId}.example`;
    test.route(projectId, host, { kind: "refused", status: 418, code: "READY", message: "" });
    await eventually(async () => (await fetchEdge(test.edge, { host })).status === 418);
    test.route(projectId, host, { kind: "sleeping", version: 1 });
    return host;
  }

  /** As soon as this answers, the process knows all routes that were set before it was called. */
  async function untilRouted(): Promise<void> {
    const id = `probe${Math.random()}`;
    test.route(id, `${id}.example`, { kind: "refused", status: 418, code: "READY", message: "" });
    await eventually(async () => (await fetchEdge(test.edge, { host: `${id}.example` })).status === 418);
    test.edge.removeRoutes([id]);
  }

  it("a thousand requests wake a project once, and all are answered by the cell that comes", async () => {
    const host = await sleep("burst");
    const upstream = await test.upstream((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => response.end(`${request.method} ${body}`));
    });
    await untilRouted();
    // One address would not get all of the places.
    const agents = Array.from({ length: 5 }, (_, i) => new Agent({ localAddress: `127.0.0.${i + 1}` }));
    const answers = Array.from({ length: 1_000 }, (_, index) => {
      const about = { host, agent: agents[index % agents.length] ?? assert.fail() };
      return fetchEdge(test.edge, index % 2 === 0 ? about : { ...about, method: "POST", body: "b" });
    });
    await eventually(() => test.wakes.includes("burst"));
    test.routeTo("burst", host, upstream.path, 5);
    for (const [index, answer] of (await Promise.all(answers)).entries()) {
      assert.deepEqual([answer.status, answer.body], [200, index % 2 === 0 ? "GET " : "POST b"]);
      assert.equal(answer.headers["worker3-version"], "5");
    }
    assert.deepEqual(test.wakes, ["burst"]);
    for (const agent of agents) agent.destroy();
  });

  it("more than a thousand do not wait", async () => {
    const host = await sleep("crowd");
    await untilRouted();
    const request = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const waiting = Array.from({ length: 1_000 }, (_, i) =>
      connect({ port: test.edge.port, host: "127.0.0.1", localAddress: `127.0.0.${(i % 5) + 1}` }),
    );
    for (const socket of waiting) socket.on("error", () => {}).write(request);
    const answers: string[] = [];
    await eventually(() => {
      // One waits with the others where there is room; then another one comes, who finds them.
      const isRefused = (text: string) => text.includes("\r\n\r\n");
      void talk(test.edge, request, isRefused).then((answer) => answers.push(answer));
      return answers.some((text) => text.startsWith("HTTP/1.1 503") && text.includes("TOO_MANY_WAITING"));
    });
    for (const socket of waiting) socket.destroy();
    test.edge.removeRoutes(["crowd"]);
  });

  it("a project that cannot start answers what the agent says of it", async () => {
    const host = await sleep("broken");
    await untilRouted();
    const answer = fetchEdge(test.edge, { host });
    await eventually(() => test.wakes.includes("broken"));
    test.route("broken", host, { kind: "refused", status: 500, code: "CELL_FAILED", message: "it throws" });
    assert.equal((await answer).headers["worker3-error"], "CELL_FAILED");
  });

  it("a project that goes while requests wait is unknown", async () => {
    const host = await sleep("gone");
    await untilRouted();
    const answer = fetchEdge(test.edge, { host });
    await eventually(() => test.wakes.includes("gone"));
    test.edge.removeRoutes(["gone"]);
    assert.equal((await answer).status, 404);
  });

  // How long, and how often: see the queue's own test.
  it("without a cell the wait ends, and the agent was asked again meanwhile", async () => {
    const host = await sleep("never");
    await untilRouted();
    const { status, headers } = await fetchEdge(test.edge, { host });
    assert.deepEqual([status, headers["worker3-error"]], [503, "CELL_START_TIMEOUT"]);
    assert.ok(headers["retry-after"]);
    const asked = test.wakes.filter((projectId) => projectId === "never").length;
    assert.ok(asked > 1, `asked ${asked} times`);
  });

  it("nothing of this counts but what the cell answered", () => {
    const rows = test.reports.flatMap((report) => report.counts);
    assert.deepEqual([...new Set(rows.map((row) => row.projectId))], ["burst"]);
  });
});
