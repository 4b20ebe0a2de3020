import assert from "node:assert/strict";
import { amountOf, type Prices } from "@worker3/sdk";
import { pricesText, requestsFor } from "./prices.ts";

const prices: Prices = {
  fromEpoch: 0,
  feeBps: 500,
  included: 10_000n,
  base: 1_000n,
  perMRequests: 300_000n,
  perMCpuMs: 20_000n,
  perGiB: 50_000n,
  perGiBStored: 1_000n,
};

describe("prices for a person", () => {
  it("say how many requests a cap pays for: with one part of a unit more it would be reached", () => {
    const cap = 50_000n;
    const requests = requestsFor(prices, cap) ?? 0n;
    assert.equal(requests, 173_333n);
    const used = { requests, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n };
    assert.ok(amountOf(prices, 10n * cap, used) <= cap);
    assert.ok(amountOf(prices, 10n * cap, { ...used, requests: requests + 5n }) > cap);
    assert.equal(requestsFor(prices, 1_000n), 10_000n, "the base alone: those that are included");
    assert.equal(requestsFor({ ...prices, perMRequests: 0n }, cap), undefined);
  });

  it("name everything that costs", () => {
    assert.equal(
      pricesText(prices),
      "0.001 USD a node and epoch with 10000 requests, then 0.3 USD a million; 0.02 USD a million ms of CPU time, 0.05 USD a GiB out, 0.001 USD a GiB stored for an epoch",
    );
  });
});
