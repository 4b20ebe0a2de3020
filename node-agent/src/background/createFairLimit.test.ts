import assert from "node:assert/strict";
import { createFairLimit } from "./createFairLimit.ts";

describe("a fair limit", () => {
  /** Work that a test ends, and what began so far. */
  function works(concurrency: number) {
    const limit = createFairLimit<string>(concurrency);
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const add = (of: string, name: string) =>
      limit.run(of, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { limit, begun, add, end };
  }

  it("lets whoever comes behind many of another key be next but one", async () => {
    const { begun, add, end } = works(2);
    for (let i = 0; i < 50; i++) void add("many", `many ${i}`);
    void add("one", "one");
    void add("two", "two");
    assert.deepEqual(begun, ["many 0", "many 1"]);
    await end("many 0");
    await end("many 1");
    await end("many 2");
    assert.deepEqual(begun.slice(2), ["many 2", "one", "two"]);
    await end("one");
    assert.equal(begun.at(-1), "many 3");
  });

  it("never runs more than it may, and goes on after what fails", async () => {
    const limit = createFairLimit<number>(3);
    let [running, most] = [0, 0];
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) =>
        limit.run(i % 7, async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          if (i % 5 === 0) throw new Error("failed");
        }),
      ),
    );
    assert.equal(most, 3);
    assert.equal(results.filter(({ status }) => status === "rejected").length, 20);
  });
});
