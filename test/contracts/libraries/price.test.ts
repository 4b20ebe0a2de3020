import assert from "node:assert/strict";
import fc from "fast-check";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";

const max = (bits: number) => 2n ** BigInt(bits) - 1n;

/** A number of `bits`: extremes, small ones and any. */
const number = (bits: number) =>
  fc.oneof(
    fc.constantFrom(0n, 1n, max(bits)),
    fc.bigInt({ min: 0n, max: 2_000_000n }),
    fc.bigInt({ min: 0n, max: max(bits) }),
  );

const prices = fc.record({
  fromEpoch: fc.constant(0),
  feeBps: fc.constant(0),
  included: number(32).map((value) => (value > max(32) ? max(32) : value)),
  base: number(40),
  perMRequests: number(40),
  perMCpuMs: number(40),
  perGiB: number(40),
  perGiBStored: number(24),
});
const usage = fc.record({
  requests: number(64),
  cpuMs: number(64),
  egressKiB: number(64),
  storedMiB: number(64),
});

/**
 * min(cap, base + (max(0, requests - included) * perMRequests + cpuMs * perMCpuMs) / 1e6 + egressKiB * perGiB / 2^20
 * + storedMiB * perGiBStored / 2^10)
 */
function priceOf(
  list: Record<"included" | "base" | "perMRequests" | "perMCpuMs" | "perGiB" | "perGiBStored", bigint>,
  { requests, cpuMs, egressKiB, storedMiB }: Record<"requests" | "cpuMs" | "egressKiB" | "storedMiB", bigint>,
): bigint {
  const beyond = requests > list.included ? requests - list.included : 0n;
  const work = (beyond * list.perMRequests + cpuMs * list.perMCpuMs) / 1_000_000n;
  const egress = (egressKiB * list.perGiB) / 1_048_576n;
  return list.base + work + egress + (storedMiB * list.perGiBStored) / 1_024n;
}

describe("Price", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("follows the formula for all numbers that fit, each term rounded down, none overflowing", async () => {
    await fc.assert(
      fc.asyncProperty(prices, usage, async (list, used) => {
        const price = priceOf(list, used);
        const { requests, cpuMs, egressKiB, storedMiB } = used;
        const amount = (cap: bigint) => call("amountOf", list, cap, requests, cpuMs, egressKiB, storedMiB);
        assert.deepEqual(await amount(max(256)), { returned: price });
        assert.deepEqual(await amount(price), { returned: price });
        assert.deepEqual(await amount(max(40)), { returned: price < max(40) ? price : max(40) });
        assert.deepEqual(await amount(price / 2n), { returned: price / 2n });
      }),
      { numRuns: 400 },
    );
  });

  it("adds work before it divides, and egress and storage apart", async () => {
    const list = {
      fromEpoch: 0,
      feeBps: 0,
      included: 10n,
      base: 7n,
      perMRequests: 1n,
      perMCpuMs: 1n,
      perGiB: 1n,
      perGiBStored: 1n,
    };
    const amount = (requests: bigint, cpuMs: bigint, egressKiB: bigint, storedMiB = 0n) =>
      call("amountOf", list, max(64), requests, cpuMs, egressKiB, storedMiB);
    assert.deepEqual(await amount(10n, 0n, 0n), { returned: 7n });
    assert.deepEqual(await amount(500_010n, 499_999n, 1_048_575n), { returned: 7n });
    assert.deepEqual(await amount(500_010n, 500_000n, 1_048_575n), { returned: 8n });
    assert.deepEqual(await amount(500_010n, 500_000n, 1_048_576n), { returned: 9n });
    assert.deepEqual(await amount(9n, 1_000_000n, 0n), { returned: 8n });
    assert.deepEqual(await amount(500_010n, 499_999n, 1_048_575n, 1_023n), { returned: 7n });
    assert.deepEqual(await amount(500_010n, 499_999n, 1_048_575n, 1_024n), { returned: 8n });
    assert.deepEqual(await amount(500_010n, 500_000n, 1_048_576n, 1_025n), { returned: 10n });
  });

  it("rounds the fee up, never down", async () => {
    const amounts = fc.oneof(number(64), fc.bigInt({ min: 0n, max: 30_000n }));
    await fc.assert(
      fc.asyncProperty(amounts, fc.integer({ min: 0, max: 2_000 }), async (amount, feeBps) => {
        const exact = amount * BigInt(feeBps);
        const fee = exact / 10_000n + (exact % 10_000n === 0n ? 0n : 1n);
        assert.deepEqual(await call("feeOf", amount, feeBps), { returned: fee });
      }),
      { numRuns: 800 },
    );
    assert.deepEqual(await call("feeOf", 1n, 1), { returned: 1n });
    assert.deepEqual(await call("feeOf", 10_000n, 500), { returned: 500n });
    assert.deepEqual(await call("feeOf", 10_001n, 500), { returned: 501n });
    assert.deepEqual(await call("feeOf", 0n, 2_000), { returned: 0n });
    assert.deepEqual(await call("feeOf", max(64), 0), { returned: 0n });
  });
});
