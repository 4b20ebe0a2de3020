import assert from "node:assert/strict";
import { type Address, zeroHash } from "viem";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  cidOf,
  createProject,
  fundWallet,
  nextEpoch,
  registerNode,
  USD,
  type Wallet,
  zoneName,
} from "../support/scenario.ts";

const NAME = zoneName("shop");
const OUTSIDE = "www.example.org";
const AMOUNT = 7n * USD;

/** Whoever pays here has money and has approved the escrow. */
async function withNodes() {
  const t = await deployNetwork();
  for (let i = 0; i < 3; i++) await registerNode(t);
  for (const wallet of [t.owner, t.stranger, t.nodeOwner2]) await fundWallet(t, wallet, 1_000n * USD);
  await nextEpoch(t);
  return t;
}
type WithNodes = Awaited<ReturnType<typeof withNodes>>;
const load = () => networkHelpers.loadFixture(withNodes);

const deploy = async (t: WithNodes, domain: string, by: Wallet = t.owner): Promise<bigint> => {
  const args = [domain, cidOf("a site")] as const;
  const { result } = await t.projects.simulate.deploy(args, { account: addressOf(by) });
  await t.projects.write.deploy(args, { account: by.account });
  return result[0];
};
const depositAt = (t: WithNodes, domain: string, owner: Address = addressOf(t.owner), by = t.stranger) =>
  t.escrow.write.depositAt([domain, owner, AMOUNT], { account: by.account });
const creditOf = async (t: WithNodes, projectId: bigint) =>
  (await t.escrow.read.accountOf([projectId])).balance;
const refusesNothingThere = (t: WithNodes, domain: string, owner: Address = addressOf(t.owner)) =>
  assertions.revertWithCustomErrorWithArgs(depositAt(t, domain, owner), t.escrow, "NothingDeployedAt", [
    domain,
    owner,
  ]);

describe("CreditEscrow.depositAt", () => {
  it("adds to the project that a `deploy` of the owner goes to, whoever pays, and says which that is", async () => {
    const t = await load();
    await deploy(t, zoneName("other"));
    const projectId = await deploy(t, NAME);
    const args = [NAME, addressOf(t.owner), AMOUNT] as const;
    const { result } = await t.escrow.simulate.depositAt(args, { account: addressOf(t.stranger) });
    assert.equal(result, projectId);
    await assertions.emitWithArgs(depositAt(t, NAME), t.escrow, "Deposited", [
      projectId,
      addressOf(t.stranger),
      AMOUNT,
      AMOUNT,
      zeroHash,
    ]);
    assert.equal(await creditOf(t, projectId), AMOUNT);
    assert.equal(await deploy(t, NAME), projectId);
  });

  it("tells owners of one domain outside the zone apart", async () => {
    const t = await load();
    const own = await deploy(t, OUTSIDE);
    const others = await deploy(t, OUTSIDE, t.nodeOwner2);
    await depositAt(t, OUTSIDE, addressOf(t.nodeOwner2));
    assert.deepEqual([await creditOf(t, own), await creditOf(t, others)], [0n, AMOUNT]);
    await depositAt(t, OUTSIDE);
    assert.deepEqual([await creditOf(t, own), await creditOf(t, others)], [AMOUNT, AMOUNT]);
  });

  it("gives nothing to who created the project of the predicted id first", async () => {
    const t = await load();
    const predicted = (await t.projects.read.projectCount()) + 1n;
    const attackers = await createProject(t, { owner: t.nodeOwner2, nodeIds: [1], credit: 0n });
    assert.equal(attackers, predicted);
    const own = await deploy(t, NAME);
    await depositAt(t, NAME, addressOf(t.owner), t.owner);
    assert.deepEqual([await creditOf(t, attackers), await creditOf(t, own)], [0n, AMOUNT]);
  });

  it("gives nothing to who took the name first, although the owner is a delegate there", async () => {
    const t = await load();
    const domain = NAME;
    const attackers = await createProject(t, { owner: t.nodeOwner2, nodeIds: [1], domain, credit: 0n });
    await t.projects.write.setDelegate([attackers, addressOf(t.owner), 1], {
      account: t.nodeOwner2.account,
    });
    await assertions.revertWithCustomErrorWithArgs(depositAt(t, domain), t.names, "NameTaken", [
      addressOf(t.nodeOwner2),
    ]);
    assert.equal(await creditOf(t, attackers), 0n);
  });

  it("refuses where a `deploy` would create: a free name, one that was given up, a closed project", async () => {
    const t = await load();
    await refusesNothingThere(t, NAME);
    await refusesNothingThere(t, OUTSIDE);
    const projectId = await deploy(t, NAME);
    await t.names.write.claimDomain([projectId, OUTSIDE], { account: t.owner.account });
    await depositAt(t, OUTSIDE);
    for (const domain of [NAME, OUTSIDE]) {
      await t.names.write.releaseDomain([projectId, domain], { account: t.owner.account });
      await refusesNothingThere(t, domain);
    }
    const closed = await deploy(t, zoneName("closed"));
    await t.projects.write.close([closed], { account: t.owner.account });
    await refusesNothingThere(t, zoneName("closed"));
    assert.equal(await creditOf(t, projectId), AMOUNT);
  });

  it("follows a hand-over: into nobody's project for the old owner, into the new owner's where it was named", async () => {
    const t = await load();
    const projectId = await deploy(t, OUTSIDE);
    await t.projects.write.transferOwnership([projectId, addressOf(t.nodeOwner2)], {
      account: t.owner.account,
    });
    await t.projects.write.acceptOwnership([projectId, [OUTSIDE]], { account: t.nodeOwner2.account });
    await refusesNothingThere(t, OUTSIDE);
    await depositAt(t, OUTSIDE, addressOf(t.nodeOwner2));
    assert.equal(await creditOf(t, projectId), AMOUNT);
  });

  it("is held to the rules of deposits: it takes what was approved, and something", async () => {
    const t = await load();
    const projectId = await deploy(t, NAME);
    const owner = addressOf(t.owner);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.depositAt([NAME, owner, 0n], { account: t.stranger.account }),
      t.escrow,
      "NothingDeposited",
      [projectId],
    );
    await t.usd.write.approve([t.escrow.address, AMOUNT - 1n], { account: t.stranger.account });
    await assertions.revertWithCustomError(depositAt(t, NAME), t.usd, "ERC20InsufficientAllowance");
  });
});
