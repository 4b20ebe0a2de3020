import assert from "node:assert/strict";
import { createChainClock, type SeenHead } from "./chainClock.ts";

const GENESIS = 1_900_000_000;
const EPOCH_SECONDS = 100;
const YEAR = 31_536_000;
const TIMES = { genesis: GENESIS, epochSeconds: EPOCH_SECONDS };

describe("the chain's clock", () => {
  let machineMs: number;
  let clock: ReturnType<typeof createChainClock>;
  let height: bigint;

  /** A clock that says it is `seconds` after genesis. */
  function start(seconds: number): void {
    machineMs = 0;
    height = 100n;
    clock = createChainClock(TIMES, { knownSeconds: GENESIS + seconds, monotonic: () => machineMs });
  }
  const pass = (seconds: number) => {
    machineMs += seconds * 1_000;
  };
  const saidSeconds = () => clock.nowMs() / 1_000 - GENESIS;
  /** A new block, so many seconds after genesis. */
  const block = (seconds: number, more: Partial<SeenHead> = {}) => {
    height += 1n;
    return clock.see({ number: height, timestamp: GENESIS + seconds, isWitnessed: false, ...more });
  };

  beforeEach(() => start(1_000));

  it("goes on at the pace of time, whatever the machine's clock says", () => {
    const real = Date.now;
    try {
      Date.now = () => real() + YEAR * 1_000;
      pass(250);
      assert.equal(saidSeconds(), 1_250);
      assert.equal(clock.epoch(), 12);
    } finally {
      Date.now = real;
    }
  });

  it("is not earlier than the newest block that was known when it started", () => {
    const known = Math.round(Date.now() / 1_000) + YEAR;
    const started = createChainClock(TIMES, { knownSeconds: known, monotonic: () => 0 });
    assert.equal(started.nowMs(), known * 1_000);
    const before = createChainClock(TIMES, { knownSeconds: 5, monotonic: () => 0 });
    assert.ok(Math.abs(before.nowMs() - Date.now()) < 60_000);
  });

  it("is put forward by a block that is a little ahead, and not by one that is a little old", () => {
    assert.equal(block(1_010), true);
    assert.equal(saidSeconds(), 1_010);
    pass(20);
    block(1_011);
    assert.equal(saidSeconds(), 1_030);
  });

  it("is not moved by a single RPC whose blocks are a year ahead for three seconds", () => {
    for (let i = 0; i < 3; i++) {
      assert.equal(block(1_000 + YEAR + i), false);
      pass(1);
    }
    assert.equal(saidSeconds(), 1_003);
    block(1_003);
    pass(60);
    assert.equal(block(1_063 + YEAR), false);
    assert.equal(saidSeconds(), 1_063);
    assert.equal(clock.settings().reachedEpoch, 10, "only blocks that are believed");
  });

  it("is set by blocks of one RPC that agree for a while on a great step", () => {
    block(5_000);
    pass(6);
    block(5_006);
    assert.equal(saidSeconds(), 1_006);
    pass(6);
    assert.equal(block(5_011), true);
    assert.equal(saidSeconds(), 5_012, "as the youngest of them says");
    assert.equal(clock.settings().reachedEpoch, 50);
  });

  it("is not set by one block that is told again and again", () => {
    for (let i = 0; i < 100; i++) {
      pass(1);
      clock.see({ number: 500n, timestamp: GENESIS + 5_000, isWitnessed: false });
    }
    assert.equal(saidSeconds(), 1_100);
  });

  it("is set at once by a block that two RPCs tell", () => {
    assert.equal(block(5_000, { isWitnessed: true }), true);
    assert.equal(saidSeconds(), 5_000);
  });

  it("is not set back by an old block, though two RPCs tell it: chains rest, and RPCs lag", () => {
    pass(3_000);
    for (let i = 0; i < 10; i++) {
      pass(5);
      clock.see({ number: 500n, timestamp: GENESIS + 900, isWitnessed: true });
    }
    assert.equal(saidSeconds(), 4_050);
  });

  it("is not set back by an RPC that catches up", () => {
    for (let i = 0; i < 20; i++) {
      pass(2);
      block(100 + i * 40);
    }
    assert.equal(saidSeconds(), 1_040);
  });

  it("is set back by new blocks that keep being old", () => {
    for (const seconds of [200, 206, 211]) {
      pass(6);
      block(seconds);
    }
    assert.equal(saidSeconds(), 212, "as the youngest of them says");
    assert.equal(clock.epoch(), 2);
    assert.equal(clock.settings().reachedEpoch, 2);
  });

  it("says that an epoch is reached when a block is of it, not when its time has come", () => {
    block(1_000);
    pass(500);
    assert.equal(clock.epoch(), 15);
    assert.equal(clock.settings().reachedEpoch, 10);
    assert.equal(block(1_499), true);
    assert.equal(clock.settings().reachedEpoch, 14);
  });
});
