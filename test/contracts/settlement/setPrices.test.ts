import assert from "node:assert/strict";
import { encodeFunctionData } from "viem";
import { atFirstSecondOf, atLastSecondOf } from "../support/clock.ts";
import { announce, announceAndWait } from "../support/governance.ts";
import { networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  currentEpoch,
  lineAmount,
  moveToEpoch,
  submitUsage,
} from "../support/scenario.ts";
import { type Serving, serving } from "../support/settlement.ts";

/** The devnet's list, doubled, with a fee of 7%. */
const DOUBLED = {
  feeBps: 700,
  included: 20_000,
  base: 2_000,
  perMRequests: 600_000,
  perMCpuMs: 40_000,
  perGiB: 100_000,
  perGiBStored: 2_000,
};
const FIRST = {
  fromEpoch: 0,
  feeBps: 500,
  included: 10_000,
  base: 1_000,
  perMRequests: 300_000,
  perMCpuMs: 20_000,
  perGiB: 50_000,
  perGiBStored: 1_000,
};
const MOST_RATE = 1_000_000_000;
/** As much as 24 bits hold: 16.78 USD for a GiB and an epoch. */
const MOST_STORED_RATE = 2 ** 24 - 1;
const DEFAULT_CAP = 50_000;

type Prices = typeof FIRST;

const setPrices = (t: Serving, prices: Prices, by = t.admin) =>
  t.settlement.write.setPrices([prices], { account: by.account });
const callOf = (t: Serving, prices: Prices) =>
  encodeFunctionData({ abi: t.settlement.abi, functionName: "setPrices", args: [prices] });
/** Announced before, so that it can be set in the first second of `epoch`. */
async function announceFor(t: Serving, epoch: number, prices: Prices): Promise<void> {
  await announce(t, t.settlement, callOf(t, prices));
  await atFirstSecondOf(t, epoch);
}

/** In epoch `now`, with a list set in it that counts two epochs later. */
async function changed() {
  const t = await serving();
  const now = t.epoch + 5;
  const prices = { ...DOUBLED, fromEpoch: now + 2 };
  await announceFor(t, now, prices);
  await setPrices(t, prices);
  return { ...t, now, prices };
}

describe("UsageSettlement.setPrices", () => {
  it("announces a list that counts from its epoch on, and no earlier", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const now = t.epoch + 5;
    const prices = { ...DOUBLED, fromEpoch: now + 2 };
    await announceFor(t, now, prices);
    await assertions.emitWithArgs(setPrices(t, prices), t.settlement, "PricesSet", [prices]);
    assert.deepEqual(await t.settlement.read.pricesAt([now + 1]), FIRST);
    assert.deepEqual(await t.settlement.read.pricesAt([now + 2]), prices);
    assert.deepEqual(await t.settlement.read.pricesAt([now + 99]), prices);
  });

  it("charges each receipt by the list of its own epoch, and takes that list's fee", async () => {
    const t = await networkHelpers.loadFixture(changed);
    const { nodeId, projectId, now } = t;
    await moveToEpoch(t, now + 4);
    for (const epoch of [now + 2, now + 1, now + 3]) {
      await submitUsage(t, { nodeId, epoch, receipts: [{ projectId, requests: 20_000n }] });
    }
    const pending = t.settlement.read.pending;
    // Once 10,000 requests beyond those included, once none.
    assert.deepEqual(await pending([nodeId, now + 1]), [4_000n, 500]);
    assert.deepEqual(await pending([nodeId, now + 2]), [2_000n, 700]);
    assert.deepEqual(await pending([nodeId, now + 3]), [2_000n, 700]);

    await moveToEpoch(t, now + 11);
    assert.deepEqual(await t.settlement.read.claimable([nodeId, [now + 1]]), [3_800n, 200n]);
    assert.deepEqual(await t.settlement.read.claimable([nodeId, [now + 2]]), [1_860n, 140n]);
  });

  it("charges what a seat had to hold by the list of the receipt's epoch", async () => {
    const t = await networkHelpers.loadFixture(changed);
    const { nodeId, projectId, now } = t;
    await moveToEpoch(t, now + 4);
    for (const [epoch, amount] of [
      [now + 1, 1_000n + 1_500n],
      [now + 2, 2_000n + 3_000n],
    ] as const) {
      const { lines } = await submitUsage(t, { nodeId, epoch, receipts: [{ projectId, storedMiB: 1_536n }] });
      assert.equal(lineAmount(lines), amount);
    }
  });

  it("keeps the fee of the receipt's epoch for what is released under the next list", async () => {
    const t = await networkHelpers.loadFixture(changed);
    const { nodeId, projectId, now } = t;
    await moveToEpoch(t, now + 4);
    const batch = await submitUsage(t, { nodeId, epoch: now + 1, receipts: [{ projectId }] });
    await t.settlement.write.release([nodeId, now + 1, batch.statements, batch.lines, 0n, "0x"], {
      account: t.owner.account,
    });
    assert.deepEqual(await t.settlement.read.payableOf([nodeId]), [950n, 50n]);
  });

  it("refuses a list less than two epochs ahead", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const now = t.epoch + 5;
    for (const fromEpoch of [now + 1, now, 0]) {
      const prices = { ...DOUBLED, fromEpoch };
      await announceFor(t, now, prices);
      await assertions.revertWithCustomErrorWithArgs(setPrices(t, prices), t.settlement, "PricesNotAhead", [
        fromEpoch,
        now + 2,
      ]);
      await networkHelpers.loadFixture(serving);
    }
  });

  it("refuses a list more than 90 epochs ahead: until it counts, no other could be announced", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const now = t.epoch + 5;
    const most = { ...DOUBLED, fromEpoch: now + 90 };
    for (const fromEpoch of [now + 91, 2 ** 24 - 1]) {
      const prices = { ...DOUBLED, fromEpoch };
      await announceFor(t, now, prices);
      await assertions.revertWithCustomErrorWithArgs(
        setPrices(t, prices),
        t.settlement,
        "PricesTooFarAhead",
        [fromEpoch, now + 90],
      );
      await networkHelpers.loadFixture(serving);
    }
    await announceFor(t, now, most);
    await setPrices(t, most);
    assert.deepEqual(await t.settlement.read.pricesAt([now + 90]), most);
    assert.deepEqual(await t.settlement.read.pricesAt([now + 89]), FIRST);
  });

  it("refuses a second list before the receipts of the list before the last can no longer come", async () => {
    const t = await networkHelpers.loadFixture(changed);
    const from = t.prices.fromEpoch;
    const next = { ...DOUBLED, base: 3_000, fromEpoch: from + 6 };
    await announce(t, t.settlement, callOf(t, next));
    await moveToEpoch(t, from + 3);
    await atLastSecondOf(t, from + 3);
    await assertions.revertWithCustomErrorWithArgs(setPrices(t, next), t.settlement, "PricesTooSoon", [
      from,
      from + 4,
    ]);
    // The last receipt of the first list comes in the epoch before.
    await atFirstSecondOf(t, from + 4);
    await setPrices(t, next);
    assert.deepEqual(await t.settlement.read.pricesAt([from]), t.prices);
    assert.deepEqual(await t.settlement.read.pricesAt([from + 5]), t.prices);
    // The first list is forgotten, and nobody is told a wrong one in its place.
    for (const epoch of [from - 1, 0]) {
      const forgotten = [epoch, from] as const;
      await assertions.revertWithCustomErrorWithArgs(
        t.settlement.read.pricesAt([epoch]),
        t.settlement,
        "PricesForgotten",
        [...forgotten],
      );
      await assertions.revertWithCustomErrorWithArgs(
        t.settlement.read.priceOf([epoch, 1, 0n, 0n, 0n, 0n]),
        t.settlement,
        "PricesForgotten",
        [...forgotten],
      );
    }
    assert.deepEqual(await t.settlement.read.pricesAt([from + 6]), next);
  });

  it("prices the last late receipt of the first list by it until its window closes", async () => {
    const t = await networkHelpers.loadFixture(changed);
    const { nodeId, projectId } = t;
    const from = t.prices.fromEpoch;
    await moveToEpoch(t, from + 3);
    await submitUsage(t, { nodeId, epoch: from - 1, receipts: [{ projectId }] });
    assert.deepEqual(await t.settlement.read.pending([nodeId, from - 1]), [1_000n, 500]);
  });

  it("refuses a fee above 20%, a base above the default cap, and rates above 1,000 USD", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const now = t.epoch + 5;
    const most = {
      ...DOUBLED,
      fromEpoch: now + 2,
      feeBps: 2_000,
      base: DEFAULT_CAP,
      perMRequests: MOST_RATE,
      perMCpuMs: MOST_RATE,
      perGiB: MOST_RATE,
      perGiBStored: MOST_STORED_RATE,
    };
    for (const field of ["feeBps", "base", "perMRequests", "perMCpuMs", "perGiB"] as const) {
      const prices = { ...most, [field]: most[field] + 1 };
      await announceFor(t, now, prices);
      await assertions.revertWithCustomErrorWithArgs(
        setPrices(t, prices),
        t.settlement,
        "PricesOutOfBounds",
        [prices, DEFAULT_CAP],
      );
      await networkHelpers.loadFixture(serving);
    }
    await announceFor(t, now, most);
    await assertions.emitWithArgs(setPrices(t, most), t.settlement, "PricesSet", [most]);
  });

  it("charges a project no more than its cap where the base has risen above it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId } = t;
    await t.projects.write.setBudget([projectId, 1_500], { account: t.owner.account });
    const now = t.epoch + 5;
    const prices = { ...DOUBLED, fromEpoch: now + 2 };
    await announceFor(t, now, prices);
    await setPrices(t, prices);
    await moveToEpoch(t, now + 3);
    await submitUsage(t, { nodeId, epoch: now + 2, receipts: [{ projectId }] });
    assert.deepEqual(await t.settlement.read.pending([nodeId, now + 2]), [1_500n, 700]);
  });

  it("counts what costs nothing, once, and pays nothing for it", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const { nodeId, projectId } = t;
    const now = t.epoch + 5;
    const prices = { ...DOUBLED, fromEpoch: now + 2, base: 0 };
    await announceFor(t, now, prices);
    await setPrices(t, prices);
    await moveToEpoch(t, now + 3);
    const { lines } = await submitUsage(t, { nodeId, epoch: now + 2, receipts: [{ projectId }] });
    assert.equal(lineAmount(lines), 0n);
    assert.equal(await t.settlement.read.isCounted([projectId, now + 2, 0]), true);
    assert.deepEqual(await t.settlement.read.pending([nodeId, now + 2]), [0n, 700]);
    await moveToEpoch(t, now + 10);
    await assertions.revertWithCustomErrorWithArgs(
      t.settlement.write.claim([nodeId, [now + 2]]),
      t.settlement,
      "NothingToClaim",
      [nodeId],
    );
  });

  it("is for who holds the parameters' role, after the delay, and for nobody else", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const prices = { ...DOUBLED, fromEpoch: (await currentEpoch(t)) + 20 };
    for (const by of [t.stranger, t.guardian, t.arbiter, t.deployer]) {
      await assertions.revertWithCustomErrorWithArgs(
        setPrices(t, prices, by),
        t.settlement,
        "AccessManagedUnauthorized",
        [addressOf(by)],
      );
    }
    await assertions.revertWithCustomError(
      setPrices(t, prices),
      t.accessManager,
      "AccessManagerNotScheduled",
    );
    await announce(t, t.settlement, callOf(t, prices));
    await networkHelpers.time.increase(t.parameters.parameterDelaySeconds - 2);
    await assertions.revertWithCustomError(setPrices(t, prices), t.accessManager, "AccessManagerNotReady");
    await networkHelpers.time.increase(2);
    await setPrices(t, prices);
    assert.equal((await t.settlement.read.pricesAt([prices.fromEpoch])).base, 2_000);
  });

  it("sets what was announced, and nothing else in its place", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const prices = { ...DOUBLED, fromEpoch: (await currentEpoch(t)) + 20 };
    await announceAndWait(t, t.settlement, callOf(t, prices));
    await assertions.revertWithCustomError(
      setPrices(t, { ...prices, feeBps: 701 }),
      t.accessManager,
      "AccessManagerNotScheduled",
    );
  });
});
