import assert from "node:assert/strict";
import { mock } from "node:test";
import { LIMITS } from "./limits.ts";
import { type WakeOutcome, WakeQueue } from "./WakeQueue.ts";

describe("requests that wait for a sleeping project", () => {
  let woken: string[];
  let ended: WakeOutcome[];
  let queue: WakeQueue;

  beforeEach(() => {
    // Time is what the tests say.
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    woken = [];
    ended = [];
    queue = new WakeQueue({ wake: (projectId) => woken.push(projectId) });
  });
  afterEach(() => mock.timers.reset());

  const wait = (projectId = "1", waitMs?: number) =>
    queue.wait(projectId, (outcome) => ended.push(outcome), waitMs);

  it("have the agent asked once, and again as long as one of them waits, which is not for ever", () => {
    const { wakeMs, wakeAgainMs } = LIMITS;
    wait();
    wait();
    assert.deepEqual(woken, ["1"]);
    mock.timers.tick(wakeAgainMs - 1);
    assert.deepEqual(woken, ["1"]);
    mock.timers.tick(1);
    assert.deepEqual(woken, ["1", "1"]);
    mock.timers.tick(wakeMs - wakeAgainMs - 1);
    assert.deepEqual(ended, []);
    mock.timers.tick(1);
    assert.deepEqual(ended, ["timeout", "timeout"]);
    const asked = woken.length;
    mock.timers.tick(10 * wakeAgainMs);
    assert.equal(woken.length, asked, "nobody waits any more");
  });

  it("go on together when the project has another route, each project's by themselves", () => {
    wait("1");
    wait("1");
    wait("2");
    queue.release("1");
    assert.deepEqual(
      [ended, woken],
      [
        ["routed", "routed"],
        ["1", "2"],
      ],
    );
    wait("1");
    assert.deepEqual(woken, ["1", "2", "1"], "the next one asks anew");
  });

  it("are not asked for any more when the last of them has left", () => {
    const leave = [wait(), wait()];
    for (const one of leave) one?.();
    mock.timers.tick(10 * LIMITS.wakeMs);
    assert.deepEqual([woken, ended], [["1"], []]);
  });

  it("may wait for less, and are so many at most", () => {
    wait("1", 10);
    mock.timers.tick(10);
    assert.deepEqual(ended, ["timeout"]);
    for (let i = 0; i < LIMITS.waitingPerProject; i++) assert.ok(wait("2") !== undefined);
    assert.equal(wait("2"), undefined);
  });
});
