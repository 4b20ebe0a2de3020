import assert from "node:assert/strict";
import { RpcError } from "@worker3/sdk";
import { createLogger } from "../logging/createLogger.ts";
import { until } from "../testing/until.ts";
import { createLooks } from "./createLooks.ts";

describe("a look at a project", () => {
  const stop = new AbortController();
  after(() => stop.abort());

  /** What was done of it, in order; `answers` are what the chain says of the credit, each once. */
  function looks(answers: (boolean | Error)[], { isAsked = true } = {}) {
    const steps: string[] = [];
    const log: { level: number; msg: string }[] = [];
    const look = createLooks({
      asks: () => isAsked,
      reconcile: async () => void steps.push("reconcile"),
      funding: {
        refresh: async (_, epoch) => {
          steps.push(`ask for ${epoch}`);
          const answer = answers.shift() ?? false;
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      epoch: () => 3,
      waits: { firstMs: 1, mostMs: 4 },
      logger: createLogger({
        level: "info",
        destination: { write: (line) => void log.push(JSON.parse(line)) },
      }),
      signal: stop.signal,
    });
    return { steps, log, look };
  }
  const away = () => new RpcError({ code: "RPC_UNREACHABLE", message: "it is away" });

  it("reconciles by what is known, asks, and reconciles again where the answer is another", async () => {
    const same = looks([false]);
    await same.look(1n);
    assert.deepEqual(same.steps, ["reconcile", "ask for 3"]);
    const other = looks([true]);
    await other.look(1n);
    assert.deepEqual(other.steps, ["reconcile", "ask for 3", "reconcile"]);
  });

  it("asks nothing of a project without a seat here, or into which nothing was ever paid", async () => {
    const { steps, look } = looks([], { isAsked: false });
    await look(1n);
    assert.deepEqual(steps, ["reconcile"]);
  });

  it("asks again until the chain answers, though nothing new happens", async () => {
    const { steps, log, look } = looks([away(), away(), true]);
    await look(1n);
    assert.deepEqual(steps, ["reconcile", "ask for 3"]);
    await until("the answer", () => steps.length === 7);
    assert.deepEqual(steps.slice(-2), ["ask for 3", "reconcile"]);
    assert.deepEqual(log, [], "a chain that is away is told once, by who follows it");
  });

  it("says so where it fails by a bug, and goes on", async () => {
    const { steps, log, look } = looks([new TypeError("a bug"), true]);
    await look(1n);
    await until("the answer", () => steps.length === 5);
    assert.deepEqual(
      log.map(({ level }) => level),
      [50],
    );
  });
});
