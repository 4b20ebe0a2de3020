import assert from "node:assert/strict";
import { enoughOf, withQuorum } from "./quorum.ts";

const isDone = (value: string): boolean => value === "done";
const done = async (): Promise<string> => "done";
const failed = async (): Promise<string> => "failed";
/** One that is away: it ends when it is given up, or never. */
const away = (giveUp: AbortSignal): Promise<string> =>
  new Promise((resolve) => giveUp.addEventListener("abort", () => resolve("given up"), { once: true }));

describe("a quorum of replicas", () => {
  it("is half of them: one that is away holds up no project of two or more", () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 8].map((replicas) => enoughOf(replicas)),
      [1, 1, 2, 2, 3, 4],
    );
  });

  it("goes on without those that are away once it is there, and gives them as long again first", async () => {
    const graces: number[] = [];
    const graceMs = (tookMs: number): number => {
      graces.push(tookMs);
      return 0;
    };
    assert.deepEqual(await withQuorum({ tasks: [done, away, done], isDone, graceMs }), [
      "done",
      "given up",
      "done",
    ]);
    assert.equal(graces.length, 1, "the grace begins once");
    assert.deepEqual(await withQuorum({ tasks: [away, done], isDone, graceMs }), ["given up", "done"]);
  });

  it("waits for all where too few are done", async () => {
    const slow = Promise.withResolvers<string>();
    let grace = false;
    const graceMs = (): number => {
      grace = true;
      return 0;
    };
    const waited = withQuorum({ tasks: [done, failed, () => slow.promise], isDone, graceMs });
    slow.resolve("slow");
    assert.deepEqual(await waited, ["done", "failed", "slow"]);
    assert.equal(grace, false);
  });

  it("ends all when it is told to, and when one throws", async () => {
    const stop = new AbortController();
    const stopped = withQuorum({ tasks: [away, away], isDone, stop: stop.signal });
    stop.abort();
    assert.deepEqual(await stopped, ["given up", "given up"]);

    let ended = false;
    const other = async (giveUp: AbortSignal): Promise<string> => {
      await away(giveUp);
      ended = true;
      return "given up";
    };
    const broken = withQuorum({ tasks: [other, () => Promise.reject(new Error("broken"))], isDone });
    await assert.rejects(broken, /broken/);
    await new Promise(setImmediate);
    assert.equal(ended, true);
  });
});
