import assert from "node:assert/strict";
import { beside } from "./beside.ts";

/** Ends when it is told to stop. */
function untilStopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

describe("two things beside one another", () => {
  const never = new AbortController().signal;
  let disposed: number;
  const make = async () => ({
    async [Symbol.asyncDispose]() {
      disposed += 1;
    },
  });
  beforeEach(() => {
    disposed = 0;
  });

  it("are both done", async () => {
    const [value, made] = await beside(
      never,
      async () => 7,
      async (_, found) => ({ seven: await found, ...(await make()) }),
    );
    assert.equal(made.seven, 7);
    assert.equal(value, 7);
    assert.equal(disposed, 0);
    await made[Symbol.asyncDispose]();
  });

  it("end with the first failure: the other is told to stop", async () => {
    const failure = new Error("a name of somebody else");
    await assert.rejects(
      beside(never, untilStopped, () => Promise.reject(failure)),
      (error) => error === failure,
    );
    await assert.rejects(
      beside(never, () => Promise.reject(failure), untilStopped),
      (error) => error === failure,
    );
  });

  it("leave nothing of what was made, where the other fails", async () => {
    const late = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("late");
    };
    await assert.rejects(beside(never, late, make), /late/);
    assert.equal(disposed, 1);
  });

  it("both end when they are told to", async () => {
    const stop = new AbortController();
    const run = beside(stop.signal, untilStopped, untilStopped);
    stop.abort(new Error("enough"));
    await assert.rejects(run, /enough/);
  });
});
