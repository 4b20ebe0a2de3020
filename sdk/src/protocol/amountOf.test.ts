import assert from "node:assert/strict";
import { amountOf, type Usage } from "./amountOf.ts";
import type { Prices } from "./prices.ts";

describe("amountOf", () => {
  const prices: Prices = {
    fromEpoch: 0,
    feeBps: 500,
    included: 10n,
    base: 1_000n,
    perMRequests: 300_000n,
    perMCpuMs: 20_000_000n,
    perGiB: 50_000n,
    perGiBStored: 1_000n,
  };
  const cap = 1_000_000n;
  const nothing: Usage = { requests: 0n, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n };

  const table: [rule: string, usage: Partial<Usage>, amount: bigint][] = [
    ["nothing used costs the base", {}, 1_000n],
    ["included requests are paid by the base", { requests: 10n }, 1_000n],
    ["the first request beyond floors to nothing", { requests: 13n }, 1_000n],
    ["requests and CPU are added up before they are floored", { requests: 13n, cpuMs: 1n }, 1_020n],
    ["a request's fraction alone is lost", { requests: 14n }, 1_001n],
    ["egress floors on its own", { egressKiB: 20n }, 1_000n],
    ["egress costs by 2^30 bytes", { egressKiB: 1n << 20n }, 51_000n],
    ["storage floors on its own", { egressKiB: 20n, storedMiB: 1n }, 1_000n],
    ["the second MiB of the cheapest GiB is worth a unit", { storedMiB: 2n }, 1_001n],
    ["storage costs by 2^30 bytes through an epoch", { storedMiB: 3n << 10n }, 4_000n],
    ["no more than the cap is charged", { requests: (1n << 64n) - 1n }, cap],
  ];
  for (const [rule, usage, amount] of table) {
    it(rule, () => assert.equal(amountOf(prices, cap, { ...nothing, ...usage }), amount));
  }

  it("a cap below the base is the price", () => assert.equal(amountOf(prices, 999n, nothing), 999n));
});
