import assert from "node:assert/strict";
import type { Prices } from "@worker3/sdk";
import { type Counts, NO_COUNTS } from "../ledger/usageTable.ts";
import { chargeSoFar } from "./chargeSoFar.ts";

const prices: Prices = {
  fromEpoch: 0,
  feeBps: 500,
  included: 10n,
  base: 1_000n,
  perMRequests: 1_000_000n,
  perMCpuMs: 2_000_000n,
  perGiB: 1n << 20n,
  perGiBStored: 5n << 10n,
};
const nothing: Counts = NO_COUNTS;
const EPOCH_SECONDS = 100;
const MIB = 1n << 20n;

describe("what an epoch costs so far", () => {
  const table: [string, bigint, Counts, { amount: bigint; reachesCap: boolean }][] = [
    ["the base price", 9_000n, nothing, { amount: 1_000n, reachesCap: false }],
    [
      "requests beyond the included ones",
      9_000n,
      { ...nothing, requests: 11 },
      { amount: 1_001n, reachesCap: false },
    ],
    ["CPU time", 9_000n, { ...nothing, cpuMs: 3 }, { amount: 1_006n, reachesCap: false }],
    ["whole KiB alone", 9_000n, { ...nothing, egressBytes: 2_047 }, { amount: 1_001n, reachesCap: false }],
    [
      "whole MiB alone, averaged over the whole epoch: 3 MiB for half of it",
      9_000n,
      { ...nothing, storedByteSeconds: 3n * MIB * 50n, storedSeconds: 50 },
      { amount: 1_005n, reachesCap: false },
    ],
    [
      "one unit less than the cap",
      1_002n,
      { ...nothing, requests: 11 },
      { amount: 1_001n, reachesCap: false },
    ],
    ["the cap", 1_001n, { ...nothing, requests: 11 }, { amount: 1_001n, reachesCap: true }],
    [
      "never more than the cap",
      1_001n,
      { ...nothing, requests: 5_000 },
      { amount: 1_001n, reachesCap: true },
    ],
  ];
  for (const [what, cap, usage, charge] of table)
    it(what, () =>
      assert.deepEqual(chargeSoFar({ prices, cap, epochSeconds: EPOCH_SECONDS }, usage), charge),
    );
});
