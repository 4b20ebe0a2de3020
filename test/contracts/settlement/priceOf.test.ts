import assert from "node:assert/strict";
import { networkHelpers } from "../support/network.ts";
import { USD } from "../support/scenario.ts";
import { serving } from "../support/settlement.ts";

describe("UsageSettlement.priceOf", () => {
  const GIB = 2n ** 20n;
  const MILLION = 1_000_000n;
  // requests, CPU milliseconds, KiB of bodies, MiB held: base units; the cap is 1 USD unless it is named
  for (const [requests, cpuMs, egressKiB, storedMiB, amount, cap] of [
    [0n, 0n, 0n, 0n, 1_000n],
    [10_000n, 0n, 0n, 0n, 1_000n],
    [10_003n, 0n, 0n, 0n, 1_000n],
    [10_004n, 0n, 0n, 0n, 1_001n],
    [10_000n + MILLION, 0n, 0n, 0n, 301_000n],
    [0n, 49n, 0n, 0n, 1_000n],
    [0n, 50n, 0n, 0n, 1_001n],
    [0n, MILLION, 0n, 0n, 21_000n],
    // 0.9 and 0.98 make one unit together: both are millionths of the same division
    [10_003n, 49n, 0n, 0n, 1_001n],
    [0n, 0n, 20n, 0n, 1_000n],
    [0n, 0n, 21n, 0n, 1_001n],
    [0n, 0n, GIB, 0n, 51_000n],
    // 0.98 and 0.95 do not: these are two divisions
    [0n, 49n, 20n, 0n, 1_000n],
    [10_000n + MILLION, MILLION, GIB, 0n, 371_000n],
    [10_000n + MILLION, MILLION, GIB, 0n, 371_000n, 371_000],
    [10_000n + MILLION, MILLION, GIB, 0n, 370_999n, 370_999],
    [0n, 0n, 0n, 0n, 999n, 999],
    [0n, 0n, 0n, 0n, 0n, 0],
    // a GiB held for one epoch is 1,000; a MiB is 0.98, which no other part of a unit joins: three divisions
    [0n, 0n, 0n, 1n, 1_000n],
    [0n, 0n, 0n, 2n, 1_001n],
    [0n, 0n, 0n, 1_023n, 1_999n],
    [0n, 0n, 0n, 1_024n, 2_000n],
    [0n, 49n, 20n, 1n, 1_000n],
    [10_000n + MILLION, MILLION, GIB, 1_024n, 372_000n],
    [0n, 0n, 0n, 10_000n * 1_024n, 1n * USD],
    [2n ** 64n - 1n, 2n ** 64n - 1n, 2n ** 64n - 1n, 2n ** 64n - 1n, 1n * USD],
    [2n ** 64n - 1n, 2n ** 64n - 1n, 2n ** 64n - 1n, 2n ** 64n - 1n, 2n ** 40n - 1n, 2 ** 40 - 1],
  ] as const) {
    const most = cap === undefined ? "" : `, cap ${cap}`;
    it(`${requests} requests, ${cpuMs} ms, ${egressKiB} KiB, ${storedMiB} MiB held${most}: ${amount}`, async () => {
      const t = await networkHelpers.loadFixture(serving);
      const usage = [requests, cpuMs, egressKiB, storedMiB] as const;
      const price = t.settlement.read.priceOf([t.epoch, cap ?? Number(USD), ...usage]);
      assert.equal(await price, amount);
    });
  }
});
