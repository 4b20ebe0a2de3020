import assert from "node:assert/strict";
import { encodeFunctionData, zeroAddress } from "viem";
import { announceAndWait } from "../support/governance.ts";
import { disputeParametersOf } from "../support/hostile.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, fundWallet, type Network, USD } from "../support/scenario.ts";
import { counted, serving } from "../support/settlement.ts";

const MOST_BOND = 1_000n * USD;
const MOST_SLASH = 100_000n * USD;

type Parameters = ReturnType<typeof disputeParametersOf>;

const parametersOf = (t: Network, change: Partial<Parameters> = {}): Parameters => ({
  ...disputeParametersOf(t),
  arbiter: addressOf(t.arbiter),
  ...change,
});

async function set(t: Network, parameters: Parameters) {
  const args = [parameters] as const;
  const { abi } = t.settlement;
  await announceAndWait(t, t.settlement, encodeFunctionData({ abi, functionName: "setParameters", args }));
  return t.settlement.write.setParameters(args, { account: t.admin.account });
}

describe("UsageSettlement.setParameters", () => {
  it("starts with those of the deployment", async () => {
    const t = await networkHelpers.loadFixture(serving);
    assert.deepEqual(await t.settlement.read.parameters(), {
      minBond: 5n * USD,
      maxSlash: 200n * USD,
      slashFloor: 5n * USD,
      slashFactor: 100,
      rewardFactor: 2,
      arbiter: addressOf(t.arbiter),
    });
  });

  it("sets what bounds disputes, and the arbiter, down to and up to their own bounds", async () => {
    const t = await networkHelpers.loadFixture(serving);
    for (const parameters of [
      {
        minBond: MOST_BOND,
        maxSlash: MOST_SLASH,
        slashFloor: MOST_BOND,
        slashFactor: 1_000,
        rewardFactor: 10,
        arbiter: addressOf(t.stranger),
      },
      {
        minBond: 0n,
        maxSlash: 0n,
        slashFloor: 0n,
        slashFactor: 10,
        rewardFactor: 0,
        arbiter: addressOf(t.arbiter),
      },
    ]) {
      await assertions.emitWithArgs(set(t, parameters), t.settlement, "ParametersSet", [parameters]);
      assert.deepEqual(await t.settlement.read.parameters(), parameters);
    }
  });

  it("refuses what is one beyond a bound, and no arbiter", async () => {
    const t = await networkHelpers.loadFixture(serving);
    for (const change of [
      { minBond: MOST_BOND + 1n },
      { maxSlash: MOST_SLASH + 1n },
      { slashFloor: 5n * USD + 1n }, // the least bond is 5 USD
      { minBond: 5n * USD - 1n },
      { slashFactor: 9 },
      { slashFactor: 1_001 },
      { rewardFactor: 11 },
      { arbiter: zeroAddress },
    ]) {
      const parameters = parametersOf(t, change);
      await assertions.revertWithCustomErrorWithArgs(
        set(t, parameters),
        t.settlement,
        "ParametersOutOfBounds",
        [parameters],
      );
    }
  });

  it("is for who holds the parameters' role, after the delay, and for nobody else", async () => {
    const t = await networkHelpers.loadFixture(serving);
    const args = [parametersOf(t, { arbiter: addressOf(t.stranger) })] as const;
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
    await t.settlement.write.dispute([t.nodeId, t.epoch, t.statements, t.lines, 0n, 5n * USD, ""], {
      account: t.owner.account,
    });
    await set(
      t,
      parametersOf(t, { minBond: 1n, slashFloor: 1n, maxSlash: 10n, arbiter: addressOf(t.stranger) }),
    );
    const decide = (by: typeof t.arbiter) =>
      t.settlement.write.decide([t.projectId, t.nodeId, t.epoch, true, 11n, 0n], { account: by.account });
    await assertions.revertWithCustomErrorWithArgs(decide(t.arbiter), t.settlement, "NotArbiter", [
      addressOf(t.arbiter),
      addressOf(t.stranger),
    ]);
    await assertions.emitWithArgs(decide(t.stranger), t.settlement, "Decided", [
      t.projectId,
      t.nodeId,
      t.epoch,
      true,
      10n,
      0n,
    ]);
    // The bond is the one that was taken.
    assert.equal(await t.escrow.read.refundOf([addressOf(t.owner)]), 5n * USD);
  });
});
