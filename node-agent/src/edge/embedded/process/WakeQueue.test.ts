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

  const wait = (projectId = "1", waitMs?: number, client = "192.0.2.1") =>
    queue.wait(projectId, (outcome) => ended.push(outcome), { client, waitMs });

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
    for (let i = 0; i < LIMITS.waitingPerProject; i++)
      assert.ok(wait("2", undefined, `client ${i}`) !== undefined);
    assert.equal(wait("2"), undefined);
  });

  it("of one client are so many at most, which leaves places to others", () => {
    for (let i = 0; i < LIMITS.waitingPerClient; i++) assert.ok(wait("1") !== undefined);
    assert.equal(wait("1"), undefined);
    assert.ok(wait("1", undefined, "192.0.2.2") !== undefined);
  });

  it("for 150 projects of one client have a few of them woken at a time; another client's is woken at once", () => {
    const { wakesPerClient } = LIMITS;
    const projects = Array.from({ length: 150 }, (_, i) => `flood ${i}`);
    for (const projectId of projects) wait(projectId);
    assert.deepEqual(woken, projects.slice(0, wakesPerClient));
    wait("innocent", undefined, "192.0.2.2");
    // One that the flood waits for, too, is not held up by it.
    wait("flood 99", undefined, "192.0.2.2");
    assert.deepEqual(woken.splice(wakesPerClient), ["innocent", "flood 99"]);
    // One after the other comes to its turn, each once.
    for (let next = woken.shift(); next !== undefined; next = woken.shift()) queue.release(next);
    assert.equal(ended.length, 149);
    for (const projectId of ["innocent", "flood 99"]) queue.release(projectId);
    assert.equal(ended.length, 152);
  });

  it("hand on their turn when the last of them leaves", () => {
    const leave = [1, 2, 3, 4, 5].map((n) => wait(`${n}`));
    assert.equal(woken.length, 4);
    leave[1]?.();
    assert.deepEqual(woken, ["1", "2", "3", "4", "5"]);
  });
});
