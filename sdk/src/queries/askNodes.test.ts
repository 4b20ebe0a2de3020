import assert from "node:assert/strict";
import { NodeError } from "../nodeApi/NodeError.ts";
import { askNodes } from "./askNodes.ts";

const nodesUpTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ nodeId: index + 1, endpoint: `http://n${index + 1}` }));
const away = (endpoint: string) =>
  new NodeError({ code: "NODE_UNREACHABLE", message: "away", value: endpoint });
/** So long that no test sees the end of it. */
const LONG_MS = 600_000;
const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("several nodes that are asked the same", () => {
  it("are asked no more than are enough while they answer", async () => {
    const asked: number[] = [];
    const { answers, failed } = await askNodes({
      nodes: nodesUpTo(5),
      enough: 2,
      hedgeMs: LONG_MS,
      ask: async ({ nodeId }) => {
        asked.push(nodeId);
        return nodeId * 10;
      },
    });
    assert.deepEqual(asked, [1, 2]);
    assert.deepEqual(answers, [
      { nodeId: 1, answer: 10 },
      { nodeId: 2, answer: 20 },
    ]);
    assert.deepEqual(failed, []);
  });

  it("the next is asked for one that fails, and at the end there is what there is", async () => {
    const ask = async ({ nodeId, endpoint }: { nodeId: number; endpoint: string }) => {
      if (nodeId !== 4) throw away(endpoint);
      return "here";
    };
    const { answers, failed } = await askNodes({ nodes: nodesUpTo(5), enough: 2, hedgeMs: LONG_MS, ask });
    assert.deepEqual(answers, [{ nodeId: 4, answer: "here" }]);
    assert.deepEqual(
      failed.map(({ nodeId }) => nodeId),
      [1, 2, 3, 5],
    );
    const none = await askNodes({ nodes: nodesUpTo(2), enough: 2, hedgeMs: LONG_MS, ask });
    assert.deepEqual([none.answers.length, none.failed.length], [0, 2]);
    assert.deepEqual(await askNodes({ nodes: [], enough: 2, ask }), { answers: [], failed: [] });
  });

  it("another one is asked besides those that are slow, which are left when there is enough", async () => {
    let left = 0;
    const { answers } = await askNodes({
      nodes: nodesUpTo(4),
      enough: 2,
      hedgeMs: 10,
      ask: async ({ nodeId }, signal) => {
        if (nodeId > 2) return nodeId;
        return never(signal).catch((error) => {
          left += 1;
          throw error;
        });
      },
    });
    assert.deepEqual(
      answers.map(({ nodeId }) => nodeId),
      [3, 4],
    );
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(left, 2);
  });

  it("ends when the caller says so, and with what is no node's fault", async () => {
    const ending = new AbortController();
    const reason = new Error("enough");
    const asked = askNodes({
      nodes: nodesUpTo(2),
      enough: 2,
      signal: ending.signal,
      ask: (_, signal) => never(signal),
    });
    ending.abort(reason);
    await assert.rejects(asked, (error) => error === reason);
    const bug = new TypeError("a bug");
    const broken = askNodes({
      nodes: nodesUpTo(2),
      enough: 2,
      ask: async () => {
        throw bug;
      },
    });
    await assert.rejects(broken, (error) => error === bug);
  });
});
