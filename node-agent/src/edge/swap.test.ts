import assert from "node:assert/strict";
import { Agent } from "node:http";
import { eventually, fetchEdge, startTestEdge, type TestEdge, totals } from "./testing/testEdge.ts";

const HOST = "swap.example";
const SWAPS = 24;
const VISITORS = 16;

for (const processes of [1, 2]) {
  describe(`edge: swaps of cells under load, ${processes} process(es)`, () => {
    let test: TestEdge;

    before(async () => {
      test = await startTestEdge({ processes });
    });
    after(() => test.stop());

    it("loses no request and miscounts none, while old cells are retired and killed", async () => {
      const cell = (version: number) =>
        test.upstream((request, response) => {
          // Some answers take their time, so that every swap meets requests in flight.
          const delayMs = request.url === "/slow" ? 20 : 0;
          request.resume();
          setTimeout(() => response.end(`${version}`), delayMs);
        });
      let current = await cell(1);
      test.routeTo("1", HOST, current.path, 1);
      for (let ready = 0; ready < 20; ready++) {
        await eventually(async () => (await fetchEdge(test.edge, { host: HOST })).status === 200);
      }

      let isRunning = true;
      let answered = 0;
      const failures: string[] = [];
      const versions = new Set<string>();
      const visitor = async (index: number) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        while (isRunning) {
          const options = index % 4 === 0 ? { method: "POST", body: "b" } : {};
          const path = index % 2 === 0 ? "/slow" : "/";
          try {
            const answer = await fetchEdge(test.edge, { host: HOST, agent, path, ...options });
            answered += 1;
            versions.add(answer.body);
            if (answer.status !== 200) failures.push(`${answer.status} ${answer.body}`);
            if (answer.headers["worker3-version"] !== answer.body) failures.push("another version's label");
          } catch (error) {
            failures.push(String(error));
          }
        }
        agent.destroy();
      };
      const load = Promise.all(Array.from({ length: VISITORS }, (_, index) => visitor(index)));

      for (let version = 2; version <= SWAPS + 1; version++) {
        const next = await cell(version);
        const old = current;
        test.routeTo("1", HOST, next.path, version);
        await test.edge.retire(old.path);
        // More than were under way: at least one of them meets this version.
        const before = answered;
        await eventually(() => old.connections.size === 0);
        await old.kill();
        current = next;
        await eventually(() => answered > before + VISITORS);
      }
      isRunning = false;
      await load;

      assert.deepEqual(failures, []);
      assert.ok(versions.size >= SWAPS, `saw ${versions.size} versions`);
      assert.deepEqual(test.troubles, []);
      await test.edge.close({ graceMs: 1_000 });
      assert.equal(totals(test.reports, "1").requests, answered + 20);
    });
  });
}
