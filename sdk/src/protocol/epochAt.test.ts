import assert from "node:assert/strict";
import { throwsCode } from "../testing/throwsCode.ts";
import { epochAt } from "./epochAt.ts";
import { epochStart } from "./epochStart.ts";

describe("epochAt", () => {
  const times = { genesis: 1_000, epochSeconds: 20 };

  const table: [unixSeconds: number | bigint, epoch: number][] = [
    [1_000, 0],
    [1_019, 0],
    [1_019.999, 0],
    [1_020, 1],
    [1_020n, 1],
    [1_000 + 20 * 1_000_000, 1_000_000],
  ];
  for (const [unixSeconds, epoch] of table) {
    it(`second ${unixSeconds} lies in epoch ${epoch}`, () =>
      assert.equal(epochAt(times, unixSeconds), epoch));
  }

  it("an epoch begins at the first second that counts to it", () => {
    for (const epoch of [0, 1, 77]) {
      assert.equal(epochAt(times, epochStart(times, epoch)), epoch);
      assert.equal(epochAt(times, epochStart(times, epoch + 1) - 1), epoch);
    }
  });

  it("refuses what lies before the network's begin, and what is no time", () => {
    assert.equal(throwsCode(() => epochAt(times, 999), "BEFORE_GENESIS").value, "999");
    throwsCode(() => epochAt(times, Number.NaN), "BEFORE_GENESIS");
  });
});
