import assert from "node:assert/strict";
import { Worker3Error } from "@worker3/sdk";
import { createLogger } from "../logging/createLogger.ts";
import { until } from "../testing/until.ts";
import type { Waits } from "./backoff.ts";
import { createTurns } from "./createTurns.ts";

const SOON: Waits = { firstMs: 1, mostMs: 8 };
/** So long that no test sees the end of it. */
const LATE: Waits = { firstMs: 3_600_000, mostMs: 3_600_000 };

interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly key: string;
  readonly retryMs: number;
  readonly err: { readonly message: string; readonly stack?: string };
}

describe("turns", () => {
  const stop = new AbortController();
  let log: Entry[];
  beforeEach(() => {
    log = [];
  });
  after(() => stop.abort());

  function turns(
    work: (key: string) => Promise<void>,
    { waits = SOON, concurrency = 8, signal = stop.signal } = {},
  ) {
    const logger = createLogger({ destination: { write: (line) => void log.push(JSON.parse(line)) } });
    return createTurns({
      work,
      waits,
      concurrency,
      signal,
      logger,
      failed: "it did not go well",
      about: (key) => ({ key }),
    });
  }

  it("that throw come again until they go well, though nobody asks; each is in the log", async () => {
    const done: number[] = [];
    const turn = turns(async () => {
      done.push(done.length);
      if (done.length < 3) throw new TypeError(`bug ${done.length}`);
    });
    await turn("a");
    assert.equal(done.length, 1, "it resolves when the work has thrown");
    await until("the third time", () => done.length === 3);
    await turn("a");
    assert.equal(done.length, 4);
    assert.deepEqual(
      log.map(({ level, msg, key, err }) => [level, msg, key, err.message]),
      [1, 2].map((time) => [50, "it did not go well", "a", `bug ${time}`]),
    );
    assert.match(log[0]?.err.stack ?? "", /createTurns\.test\.ts/);
  });

  it("wait longer each time, up to a limit, and begin anew when one went well", async () => {
    let asked = 0;
    const turn = turns(
      async () => {
        asked += 1;
        if (asked <= 5 || asked === 7) throw new Worker3Error({ code: "AWAY", message: "it is away" });
      },
      { waits: { firstMs: 8, mostMs: 32 } },
    );
    await turn("a");
    await until("it goes well", () => asked === 6);
    await turn("a");
    await until("it goes well again", () => asked === 8);
    const waits = log.map(({ retryMs }) => retryMs);
    for (const [index, most] of [8, 16, 32, 32, 32, 8].entries()) {
      const ms = waits[index] ?? 0;
      assert.ok(ms >= most * 0.75 && ms <= most, `${waits}`);
    }
    assert.equal(log[0]?.level, 40, "what is no bug is a warning");
  });

  it("are had at once by who asks while one waits for its next try", async () => {
    const done: string[] = [];
    let isBroken = true;
    const turn = turns(
      async (key) => {
        done.push(key);
        if (isBroken) throw new Error("broken");
      },
      { waits: LATE },
    );
    await Promise.all([turn("a"), turn("b")]);
    isBroken = false;
    await turn("a");
    assert.deepEqual(done, ["a", "b", "a"]);
  });

  it("that throw while somebody asked again come soon, however long the wait has become", async () => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const turn = turns(
      async () => {
        asked += 1;
        if (asked <= 20) throw new Error("broken");
        if (asked > 21) return;
        await gate.promise;
        throw new Error("broken while somebody asks");
      },
      { waits: { firstMs: 1, mostMs: 3_600_000 } },
    );
    for (let i = 0; i < 20; i++) await turn("a");
    const first = turn("a");
    await until("it runs", () => asked === 21);
    const next = turn("a");
    gate.resolve();
    await Promise.all([first, next]);
    await until("another", () => asked === 22);
    assert.equal(log.at(-1)?.retryMs, 1);
  });

  it("of one are never two at once, and who asks meanwhile gets another one", async () => {
    let [now, most, done] = [0, 0, 0];
    let gate = Promise.withResolvers<void>();
    gate.resolve();
    const turn = turns(async () => {
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
      done += 1;
    });
    await Promise.all([turn("a"), turn("a"), turn("a")]);
    assert.deepEqual([most, done], [1, 1], "none had begun yet: one is enough");
    gate = Promise.withResolvers();
    const first = turn("a");
    await until("it has begun", () => now === 1);
    const others = [turn("a"), turn("a")];
    gate.resolve();
    await Promise.all([first, ...others]);
    assert.deepEqual([most, done], [1, 3]);
  });

  it("are had by so many at once as may be", async () => {
    let [now, most] = [0, 0];
    const turn = turns(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise(setImmediate);
        now -= 1;
      },
      { concurrency: 2 },
    );
    await Promise.all(["a", "b", "c", "d"].map(turn));
    assert.equal(most, 2);
  });

  it("end with their signal, those that wait for another try too", async () => {
    const ending = new AbortController();
    let asked = 0;
    const turn = turns(
      async () => {
        asked += 1;
        throw new Error("broken");
      },
      { signal: ending.signal },
    );
    await turn("a");
    ending.abort();
    await turn("a");
    assert.equal(asked, 1);
    // One that waits longer has its next try: the first would have had its own.
    let others = 0;
    const other = turns(
      async () => {
        others += 1;
        if (others === 1) throw new Error("broken");
      },
      { waits: { firstMs: 8 * SOON.firstMs, mostMs: 8 * SOON.firstMs } },
    );
    await other("a");
    await until("the other's next try", () => others === 2);
    assert.equal(asked, 1);
  });
});
