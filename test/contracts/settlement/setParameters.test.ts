import assert from "node:assert/strict";
import { type Address, encodeFunctionData, zeroAddress } from "viem";
import { announceAndWait } from "../support/governance.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, fundWallet, USD } from "../support/scenario.ts";
import { counted, type Serving, serving } from "../support/settlement.ts";

const MOST_BOND = 1_000n * USD;
const MOST_SLASH = 100_000n * USD;

type Parameters = readonly [minBond: bigint, maxSlash: bigint, arbiter: Address];

async function set(t: Serving, args: Parameters) {
  const { abi } = t.settlement;
  await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  return t.settlement.write.setParameters(args, { account: t.admin.account });
}

describe("UsageSettlement.setParameters", () => {
  it("starts with those of the deployment", async () => {
    const t = await networkHelpers.loadFixture(serving);
    assert.equal(await t.settlement.read.minBond(), 5n * USD);
    assert.equal(await t.settlement.read.maxSlash(), 200n * USD);
    assert.equal(await t.settlement.read.arbiter(), addressOf(t.arbiter));
  });

  it("sets the least bond, the highest slash and the arbiter, up to their bounds", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const args = [MOST_BOND, MOST_SLASH, addressOf(t.stranger)] as const;
    await assertions.emitWithArgs(set(t, args), t.settlement, "ParametersSet", [...args]);
    assert.equal(await t.settlement.read.minBond(), MOST_BOND);
    assert.equal(await t.settlement.read.maxSlash(), MOST_SLASH);
    assert.equal(await t.settlement.read.arbiter(), addressOf(t.stranger));
    await set(t, [0n, 0n, addressOf(t.stranger)]);
    assert.equal(await t.settlement.read.minBond(), 0n);
  });

  it("refuses a bond above 1,000 USD, a slash above 100,000 USD, and no arbiter", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const arbiter = addressOf(t.arbiter);
    for (const args of [
      [MOST_BOND + 1n, 1n, arbiter],
      [1n, MOST_SLASH + 1n, arbiter],
      [1n, 1n, zeroAddress],
    ] as const) {
      await assertions.revertWithCustomErrorWithArgs(set(t, args), t.settlement, "ParametersOutOfBounds", [
        ...args,
      ]);
    }
  });

  it("is for who holds the parameters' role, after the delay, and for nobody else", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const args = [1n, 1n, addressOf(t.stranger)] as const;
    for (const by of [t.arbiter, t.guardian, t.deployer, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.settlement.write.setParameters(args, { account: by.account }),
        t.settlement,
        "AccessManagedUnauthorized",
        [addressOf(by)],
      );
    }
    await assertions.revertWithCustomError(
      t.settlement.write.setParameters(args, { account: t.admin.account }),
      t.accessManager,
      "AccessManagerNotScheduled",
    );
  });

  it("lets the new arbiter decide what was disputed under the old one, by the bounds of the moment", async () => {
    const t = await networkHelpers.loadFixture(counted);
    await fundWallet(t, t.owner, 5n * USD);
    await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, ""], {
      account: t.owner.account,
    });
    await set(t, [1n, 10n, addressOf(t.stranger)]);
    const decide = (by: typeof t.arbiter, slash: bigint) =>
      t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, slash, 0n], { account: by.account });
    await assertions.revertWithCustomErrorWithArgs(decide(t.arbiter, 0n), t.settlement, "NotArbiter", [
      addressOf(t.arbiter),
      addressOf(t.stranger),
    ]);
    await assertions.revertWithCustomErrorWithArgs(
      decide(t.stranger, 11n),
      t.settlement,
      "SlashOutOfBounds",
      [true, 11n, 0n, 10n],
    );
    await decide(t.stranger, 10n);
    // The bond is the one that was taken.
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), 5n * USD);
  });
});
