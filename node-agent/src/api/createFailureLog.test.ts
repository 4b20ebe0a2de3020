import assert from "node:assert/strict";
import { Worker3Error } from "@worker3/sdk";
import { createFailureLog } from "./createFailureLog.ts";

describe("what the log says of requests that failed", () => {
  const SYNCING = new Worker3Error({ code: "SYNCING", message: "not yet" });
  const FULL = new Worker3Error({ code: "DISK_FULL", message: "no room" });
  const ASKED = { method: "GET", path: "/x" };

  function world() {
    const lines: { msg: string; code?: string; leftOut?: number; id?: string; path: string }[] = [];
    const write = (about: object, msg = "") => {
      const { err, ...rest } = about as { err: { code?: string }; path: string };
      lines.push({ ...rest, msg, ...(err.code === undefined ? {} : { code: err.code }) });
    };
    let nowMs = 0;
    const log = createFailureLog({ warn: write, error: write }, () => nowMs);
    const advance = (ms: number) => {
      nowMs += ms;
    };
    return { lines, log, advance };
  }

  it("is so much a minute of each code, however often strangers bring it about, and how much was left out", () => {
    const { lines, log, advance } = world();
    for (let i = 0; i < 5_000; i++) log.failed(SYNCING, ASKED);
    log.failed(FULL, ASKED);
    for (let i = 0; i < 50; i++) log.failed(new TypeError("a bug"), { ...ASKED, id: `id ${i}` });
    assert.deepEqual(
      [...Map.groupBy(lines, ({ code = "INTERNAL" }) => code)].map(([code, of]) => [code, of.length]),
      [
        ["SYNCING", 10],
        ["DISK_FULL", 1],
        ["INTERNAL", 10],
      ],
    );
    advance(60_000);
    for (let i = 0; i < 2; i++) log.failed(SYNCING, ASKED);
    assert.deepEqual(
      lines.slice(-2).map(({ leftOut }) => leftOut),
      [4_990, undefined],
    );
  });

  it("names what was not foreseen by the id that was told, and of a path no more than its beginning", () => {
    const { lines, log } = world();
    log.failed(new TypeError("a bug"), { method: "GET", path: "/".padEnd(30_000, "x"), id: "one" });
    assert.deepEqual([lines[0]?.id, lines[0]?.msg], ["one", "a request failed unexpectedly"]);
    assert.equal(lines[0]?.path.length, 200);
  });
});
