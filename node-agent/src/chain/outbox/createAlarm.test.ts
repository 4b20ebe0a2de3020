import assert from "node:assert/strict";
import { createBackoff } from "../../background/backoff.ts";
import { createAlarm } from "./createAlarm.ts";

const LONG_MS = 3_600_000;

describe("an alarm", () => {
  it("ends a wait", async () => {
    const alarm = createAlarm();
    const waiting = alarm.wait(LONG_MS, new AbortController().signal);
    alarm.wake();
    await waiting;
  });

  it("that rang while nobody waited ends the next wait, and only that", async () => {
    const alarm = createAlarm();
    const { signal } = new AbortController();
    alarm.wake();
    alarm.wake();
    await alarm.wait(LONG_MS, signal);
    let ended = false;
    const waiting = alarm.wait(LONG_MS, signal).then(() => {
      ended = true;
    });
    await new Promise(setImmediate);
    assert.equal(ended, false);
    alarm.wake();
    await waiting;
  });

  it("goes off with its signal and with its time", async () => {
    const alarm = createAlarm();
    const stop = new AbortController();
    const waiting = alarm.wait(LONG_MS, stop.signal);
    stop.abort();
    await waiting;
    await alarm.wait(LONG_MS, stop.signal);
    await alarm.wait(1, new AbortController().signal);
  });
});

describe("a backoff", () => {
  it("doubles up to its most, and begins anew after a success", () => {
    const backoff = createBackoff({ firstMs: 100, mostMs: 350 });
    for (const most of [100, 200, 350, 350]) {
      const ms = backoff.next();
      assert.ok(ms > most * 0.74 && ms <= most, `${ms} of ${most}`);
    }
    backoff.reset();
    assert.ok(backoff.next() <= 100);
  });
});
