import assert from "node:assert/strict";
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
