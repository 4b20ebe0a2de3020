import assert from "node:assert/strict";
import { encodeFunctionData, getAddress, zeroAddress } from "viem";
import { announce } from "../support/governance.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, submitUsage } from "../support/scenario.ts";
import { type Serving, serving } from "../support/settlement.ts";

const NEXT = getAddress(`0x${"5e".repeat(20)}`);

const set = (t: Serving, by = t.admin) => t.settlement.write.setSuccessor([NEXT], { account: by.account });
const announceIt = (t: Serving) =>
  announce(
    t,
    t.settlement,
    encodeFunctionData({ abi: t.settlement.abi, functionName: "setSuccessor", args: [NEXT] }),
  );

describe("UsageSettlement.setSuccessor", () => {
  it("says where the network moves to, once the admin's delay has passed", async () => {
    const t = await networkHelpers.loadFixture(serving);
    assert.equal(await t.settlement.read.successor(), zeroAddress);
    await announceIt(t);
    await networkHelpers.time.increase(t.parameters.adminDelaySeconds - 2);
    await assertions.revertWithCustomError(set(t), t.accessManager, "AccessManagerNotReady");
    await networkHelpers.time.increase(2);
    await assertions.emitWithArgs(set(t), t.settlement, "SuccessorSet", [NEXT]);
    assert.equal(await t.settlement.read.successor(), NEXT);
  });

  it("is the admin's: no other role, nor the deployer, says so", async () => {
    const t = await networkHelpers.loadFixture(serving);
    for (const by of [t.guardian, t.arbiter, t.deployer, t.owner, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(set(t, by), t.settlement, "AccessManagedUnauthorized", [
        addressOf(by),
      ]);
    }
    await assertions.revertWithCustomError(set(t), t.accessManager, "AccessManagerNotScheduled");
  });

  it("changes nothing here: receipts count as before", async () => {
    const t = await networkHelpers.loadFixture(serving);
    await announceIt(t);
    await networkHelpers.time.increase(t.parameters.adminDelaySeconds);
    await set(t);
    await submitUsage(t, { nodeId: t.nodeId, epoch: t.epoch, receipts: [{ projectId: t.projectId }] });
    assert.equal(await t.settlement.read.isCounted([t.projectId, t.epoch, 0]), true);
  });
});
