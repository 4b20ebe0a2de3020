import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import {
  ENDING,
  type EveryWay,
  everyWayOpen,
  guardedCall,
  surplus,
  WAYS,
  type Way,
} from "../support/everyToken.ts";
import { networkHelpers } from "../support/network.ts";
import { addressOf, assertions, USD } from "../support/scenario.ts";

const load = () => networkHelpers.loadFixture(everyWayOpen);

type Reason = readonly [source: EveryWay["token"] | EveryWay["escrow"], error: string];

const standing = async (t: EveryWay, way: Way) => ({
  party: await t.token.read.balanceOf([addressOf(t[way.party])]),
  contract: await t.token.read.balanceOf([t[way.contract].address]),
  surplus: await surplus(t),
});

/** The call moves exactly its amount, and what is held is what is owed. */
async function movesAll(t: EveryWay, way: Way): Promise<void> {
  const before = await standing(t, way);
  await way.go(t);
  const after = await standing(t, way);
  const [paid, kept] = {
    in: [-way.amount, way.amount],
    out: [way.amount, -way.amount],
    between: [0n, way.amount],
  }[way.direction];
  assert.equal(after.party - before.party, paid);
  assert.equal(after.contract - before.contract, kept);
  assert.deepEqual(after.surplus, [0n, 0n]);
}

/** Refused for this reason, and nothing moved; when the token is mended, the same call goes well. */
async function refusesUntil(
  t: EveryWay,
  way: Way,
  [source, error]: Reason,
  mend: () => Promise<unknown>,
): Promise<void> {
  const before = await standing(t, way);
  await assertions.revertWithCustomError(way.go(t), source as EveryWay["token"], error as "Stopped");
  assert.deepEqual(await standing(t, way), before);
  await mend();
  await movesAll(t, way);
}

const ways = Object.entries(WAYS);

describe("A token as the standard has it", () => {
  for (const [name, way] of ways) {
    it(`${name} moves what it says, and what is held is what is owed`, async () =>
      movesAll(await load(), way));
  }
});

describe("A token whose transfers return nothing", () => {
  for (const [name, way] of ways) {
    it(`${name} is right`, async () => {
      const t = await load();
      await t.token.write.setEnding([ENDING.nothing]);
      await movesAll(t, way);
    });
  }
});

describe("A token whose transfers return false", () => {
  for (const [name, way] of ways) {
    it(`${name} is refused, and goes well when the token does`, async () => {
      const t = await load();
      await t.token.write.setEnding([ENDING.false]);
      await refusesUntil(t, way, [t.escrow, way.refusal ?? "SafeERC20FailedOperation"], () =>
        t.token.write.setEnding([ENDING.true]),
      );
    });
  }
});

describe("A token whose transfers revert", () => {
  for (const [name, way] of ways) {
    it(`${name} is refused with the token's own reason, and goes well when the token does`, async () => {
      const t = await load();
      await t.token.write.setEnding([ENDING.revert]);
      await refusesUntil(t, way, [t.token, "Stopped"], () => t.token.write.setEnding([ENDING.true]));
    });
  }
});

describe("A token that blacklists", () => {
  for (const [name, way] of ways) {
    // A slash goes from contract to contract: the node's owner is no party to it.
    if (way.direction === "between") {
      it(`${name} reaches the stake of a blacklisted owner`, async () => {
        const t = await load();
        await t.token.write.setBlacklisted([addressOf(t[way.party]), true]);
        await movesAll(t, way);
      });
      continue;
    }
    it(`${name} is refused to a blacklisted party, and goes well when it is taken off the list`, async () => {
      const t = await load();
      const party = addressOf(t[way.party]);
      await t.token.write.setBlacklisted([party, true]);
      await refusesUntil(t, way, [t.token, "Blacklisted"], () =>
        t.token.write.setBlacklisted([party, false]),
      );
    });

    it(`${name} of a blacklisted party stops nobody else`, async () => {
      const t = await load();
      await t.token.write.setBlacklisted([addressOf(t[way.party]), true]);
      for (const [, other] of ways) {
        if (other.party === way.party && other.direction !== "between") continue;
        await movesAll(t, other);
      }
    });
  }
});

describe("A token that enters again", () => {
  for (const [name, way] of ways) {
    it(`${name} is refused while the token calls back, and goes well when it does not`, async () => {
      const t = await load();
      const { target, data } = guardedCall(t, way.contract);
      await t.token.write.setHook([target, data]);
      await refusesUntil(t, way, [t.escrow, "ReentrancyGuardReentrantCall"], () =>
        t.token.write.setHook([zeroAddress, "0x"]),
      );
    });
  }
});

describe("A token that takes a fee of 10 %", () => {
  const arriving = (amount: bigint) => (amount * 9n) / 10n;

  for (const [name, way] of ways) {
    if (name === "dispute") continue;
    it(`${name} books what arrived and pays what the books say`, async () => {
      const t = await load();
      await t.token.write.setFee([1_000n]);
      const before = await standing(t, way);
      await way.go(t);
      const after = await standing(t, way);
      if (way.direction === "out") {
        assert.equal(after.contract - before.contract, -way.amount);
        assert.equal(after.party - before.party, arriving(way.amount));
      } else {
        assert.equal(after.contract - before.contract, arriving(way.amount));
      }
      assert.deepEqual(after.surplus, [0n, 0n]);
    });
  }

  it("dispute is refused: less arrives than the bond has to be", async () => {
    const t = await load();
    await t.token.write.setFee([1_000n]);
    const dispute = WAYS.dispute;
    assert.ok(dispute);
    await refusesUntil(t, dispute, [t.escrow, "BondTooSmall"], () => t.token.write.setFee([0n]));
  });

  it("register is refused where less than the least stake arrives", async () => {
    const t = await load();
    await t.token.write.setFee([1_000n]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.register([addressOf(t.operator2), 0, "https://a.example", 1_111n * USD], {
        account: t.nodeOwner2.account,
      }),
      t.nodes,
      "StakeTooSmall",
      [999_900_000n, 1_000n * USD],
    );
  });

  it("a whole transfer lost is no deposit, and adds nothing to a stake", async () => {
    const t = await load();
    await t.token.write.setFee([10_000n]);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.deposit([t.projectId, USD], { account: t.owner.account }),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
    const { stake } = await t.nodes.read.nodeOf([t.nodeId]);
    await t.nodes.write.addStake([t.nodeId, USD], { account: t.nodeOwner2.account });
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).stake, stake);
    assert.deepEqual(await surplus(t), [0n, 0n]);
  });
});
