import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { waitForVersion } from "./waitForVersion.ts";

/** A server whose status is served from its `from`th answer on; before that it fails in every way. */
async function nodeThatServes(from: number): Promise<{ endpoint: string } & AsyncDisposable> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (asked >= from) response.end(JSON.stringify({ projectId: "1", wanted: 2, active: 2, ready: [1, 2] }));
    else if (asked === 1) response.writeHead(404).end();
    else if (asked === 2) response.end("no JSON");
    else if (asked === 3) response.destroy();
    else response.end(JSON.stringify({ projectId: "1", wanted: 2, active: 1, ready: [1] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("waitForVersion", () => {
  it("asks each node until it serves the version, whatever it answers before", async () => {
    await using soon = await nodeThatServes(1);
    await using late = await nodeThatServes(6);
    const since = performance.now();
    const live = await waitForVersion({
      replicas: [soon, late].map(({ endpoint }, index) => ({ nodeId: index + 1, endpoint })),
      projectId: 1n,
      reached: ({ active }) => active === 2,
      since,
      timeoutMs: 60_000,
    });
    const tookMs = performance.now() - since;
    for (const nodeId of [1, 2]) {
      const liveMs = live.get(nodeId) ?? Number.NaN;
      assert.ok(liveMs >= 0 && liveMs <= Math.ceil(tookMs), `${liveMs} of ${tookMs} ms`);
    }
  });

  it("says which node did not get there in time", async () => {
    await using never = await nodeThatServes(Number.POSITIVE_INFINITY);
    const live = await waitForVersion({
      replicas: [{ nodeId: 3, endpoint: never.endpoint }],
      projectId: 1n,
      reached: ({ active }) => active === 2,
      since: performance.now(),
      timeoutMs: 300,
    });
    assert.deepEqual([...live], [[3, undefined]]);
  });

  it("stops when it is told to", async () => {
    await using never = await nodeThatServes(Number.POSITIVE_INFINITY);
    const wait = waitForVersion({
      replicas: [{ nodeId: 1, endpoint: never.endpoint }],
      projectId: 1n,
      reached: () => false,
      since: 0,
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(300),
    });
    await assert.rejects(wait, { name: "TimeoutError" });
  });
});
