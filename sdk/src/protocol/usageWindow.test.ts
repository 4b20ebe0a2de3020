import assert from "node:assert/strict";
import { creditWindow } from "./creditWindow.ts";
import { disputeWindow } from "./disputeWindow.ts";
import { stakeWindow } from "./stakeWindow.ts";
import { usageWindow } from "./usageWindow.ts";

describe("the windows of the protocol's time line", () => {
  const times = { late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 };

  it("usage of epoch e: submit e < now <= e+4, touch until e+7, claim after it", () =>
    assert.deepEqual(usageWindow(times, 10), {
      firstSubmit: 11,
      lastSubmit: 14,
      lastTouch: 17,
      firstClaim: 18,
    }));

  it("a dispute in d: decide until d+5, or d+10 once extended, draw after it", () => {
    assert.deepEqual(disputeWindow(times, 16), { lastDecide: 21, firstDraw: 22 });
    assert.deepEqual(disputeWindow(times, 16, true), { lastDecide: 26, firstDraw: 27 });
  });

  it("credit asked in r: its usage is chargeable until r+4, it leaves after r+6", () =>
    assert.deepEqual(creditWindow(times, 10), { lastCharge: 14, firstWithdraw: 17 }));

  it("stake asked in r: r is the last epoch that counts, the last decision falls in r+17, it leaves after r+19", () =>
    assert.deepEqual(stakeWindow(times, 10), { lastCounted: 10, lastDecision: 27, firstWithdraw: 30 }));

  it("stake outlasts every decision about it, and credit every charge", () => {
    for (let late = 3; late <= 7; late++) {
      // The tightest spans that the contracts take.
      const tight = { late, dispute: 1, decide: 1, creditThaw: late + 2, stakeThaw: late + 4 };
      const credit = creditWindow(tight, 10);
      const stake = stakeWindow(tight, 10);
      assert.ok(credit.firstWithdraw > credit.lastCharge);
      assert.ok(stake.firstWithdraw > stake.lastDecision);
    }
  });
});
