import assert from "node:assert/strict";
import type { StoredUsage } from "./createMeter.ts";
import { createStoredBook, type StoredBook } from "./createStoredBook.ts";

const TIMES = { genesis: 1_000, epochSeconds: 100 };
/** The first second of epoch 5. */
const FIRST = 1_500;

describe("what seats hold, by the second", () => {
  let nowSeconds: number;
  let held: Map<bigint, bigint>;
  /** `[epoch, byte seconds, seconds]` of project 7, added up. */
  const booked = new Map<number, [byteSeconds: bigint, seconds: number]>();
  let isFull: boolean;
  let book: StoredBook;

  beforeEach(() => {
    [nowSeconds, isFull] = [FIRST, false];
    held = new Map([[7n, 10n]]);
    booked.clear();
    book = open();
  });
  const open = () =>
    createStoredBook({
      meter: {
        bookStored(samples: readonly StoredUsage[]) {
          if (isFull) throw new Error("the disk is full");
          for (const { projectId, epoch, storedByteSeconds, storedSeconds } of samples) {
            if (projectId !== 7n) continue;
            const [byteSeconds, seconds] = booked.get(epoch) ?? [0n, 0];
            booked.set(epoch, [byteSeconds + storedByteSeconds, seconds + storedSeconds]);
          }
        },
      },
      times: TIMES,
      nowMs: () => nowSeconds * 1_000,
      held: () => held,
    });
  /** Looks each second, as long. */
  function go(seconds: number, stepSeconds = 1): void {
    for (let i = 0; i < seconds; i += stepSeconds) {
      nowSeconds += stepSeconds;
      book.book();
    }
  }
  const told = () => {
    book.flush();
    return Object.fromEntries(booked);
  };

  it("each second counts once, at what was held then, however often it is looked", () => {
    go(20);
    for (let i = 0; i < 3; i++) book.book();
    held = new Map([[7n, 4n]]);
    go(5);
    assert.deepEqual(told(), { 5: [220n, 25] });
  });

  it("seconds without a look count as what is held at the next one, but not where it was long until then", () => {
    go(9, 3);
    assert.deepEqual(told(), { 5: [90n, 9] });
    nowSeconds += 60;
    book.book();
    assert.deepEqual(told(), { 5: [90n, 9] });
    go(1);
    assert.deepEqual(told(), { 5: [100n, 10] });
  });

  it("an epoch has as many seconds as it lasts, and what stays counts in both", () => {
    go(110);
    assert.deepEqual(told(), { 5: [990n, 99], 6: [110n, 11] });
  });

  it("a seat given up counts to its epoch's end, and a new one from its begin", () => {
    go(97);
    held = new Map();
    // Looked at in second 97, then in the second of the next epoch.
    nowSeconds = FIRST + 101;
    book.book();
    assert.deepEqual(told(), { 5: [990n, 99] });
    held = new Map([[7n, 10n]]);
    go(99);
    held = new Map([[7n, 10n]]);
    assert.deepEqual(told()[6], [980n, 98]);
  });

  it("a clock that goes back counts no second twice, and one that was wrong goes on from where it is", () => {
    nowSeconds = FIRST + 70;
    book = open();
    go(10);
    nowSeconds -= 5;
    go(8);
    assert.deepEqual(told(), { 5: [130n, 13] });
    nowSeconds -= 60;
    book.book();
    go(2);
    assert.deepEqual(told(), { 5: [150n, 15] });
  });

  it("what cannot be written waits, and a restart begins with its own second", () => {
    isFull = true;
    go(4);
    assert.throws(() => go(1), /full/);
    isFull = false;
    go(1);
    assert.deepEqual(told(), { 5: [60n, 6] });
    book = open();
    book.book();
    go(2);
    assert.deepEqual(told(), { 5: [80n, 8] });
  });
});
