import assert from "node:assert/strict";
import { type Hex, parseSignature, zeroHash } from "viem";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import {
  assertions,
  createProject,
  fundWallet,
  type Network,
  registerNode,
  USD,
} from "../support/scenario.ts";

const AMOUNT = 40n * USD;

async function withProject() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  await t.usd.write.mint([t.owner.account.address, 1_000n * USD]); // minted, and nothing approved
  return { ...t, projectId };
}
type WithProject = Awaited<ReturnType<typeof withProject>>;

async function signPermit(
  t: WithProject,
  options: { value?: bigint; deadline?: bigint; spender?: Hex } = {},
) {
  const deadline = options.deadline ?? BigInt(await networkHelpers.time.latest()) + 3_600n;
  const owner = t.owner.account.address;
  const signature = await t.owner.signTypedData({
    domain: { name: "Mock USD", version: "1", chainId: t.network.chainId, verifyingContract: t.usd.address },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: {
      owner,
      spender: options.spender ?? t.escrow.address,
      value: options.value ?? AMOUNT,
      nonce: await t.usd.read.nonces([owner]),
      deadline,
    },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}

const deposit = (
  t: Network & { projectId: bigint },
  { deadline, v, r, s }: Awaited<ReturnType<typeof signPermit>>,
  by = t.owner,
) => t.escrow.write.depositWithPermit([t.projectId, AMOUNT, deadline, v, r, s], { account: by.account });

const noAllowance = (t: WithProject) => [t.escrow.address, 0n, AMOUNT] as const;

describe("CreditEscrow.depositWithPermit", () => {
  it("approves and deposits in one call", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await assertions.emitWithArgs(deposit(t, await signPermit(t)), t.escrow, "Deposited", [
      t.projectId,
      t.owner.account.address,
      AMOUNT,
      AMOUNT,
      zeroHash,
    ]);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, AMOUNT);
    assert.equal(await t.usd.read.allowance([t.owner.account.address, t.escrow.address]), 0n);
    assert.equal(await t.usd.read.nonces([t.owner.account.address]), 1n);
  });

  it("does not fail when somebody used the permit first", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const permit = await signPermit(t);
    const owner = t.owner.account.address;
    await t.usd.write.permit(
      [owner, t.escrow.address, AMOUNT, permit.deadline, permit.v, permit.r, permit.s],
      {
        account: t.stranger.account,
      },
    );
    await deposit(t, permit);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, AMOUNT);
  });

  it("deposits from the caller, whoever's permit was shown", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const permit = await signPermit(t);
    await t.usd.write.mint([t.stranger.account.address, AMOUNT]);
    await assertions.revertWithCustomErrorWithArgs(
      deposit(t, permit, t.stranger),
      t.usd,
      "ERC20InsufficientAllowance",
      [...noAllowance(t)],
    );
    assert.equal(await t.usd.read.balanceOf([t.owner.account.address]), 1_000n * USD);
  });

  it("fails for want of an allowance where the permit is wrong", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const good = await signPermit(t);
    for (const permit of [
      await signPermit(t, { deadline: BigInt(await networkHelpers.time.latest()) - 1n }),
      await signPermit(t, { spender: t.nodes.address }),
      { ...good, deadline: good.deadline + 1n },
      { ...good, v: 0 },
      { ...good, r: good.s },
    ]) {
      await assertions.revertWithCustomErrorWithArgs(
        deposit(t, permit),
        t.usd,
        "ERC20InsufficientAllowance",
        [...noAllowance(t)],
      );
    }
  });

  it("does with a permit of less what a permit of less allows", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const permit = await signPermit(t, { value: AMOUNT - 1n });
    await assertions.revertWithCustomErrorWithArgs(deposit(t, permit), t.usd, "ERC20InsufficientAllowance", [
      ...noAllowance(t),
    ]);
  });

  it("needs no permit where the allowance stands", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    await t.usd.write.approve([t.escrow.address, AMOUNT], { account: t.owner.account });
    await deposit(t, { ...(await signPermit(t)), v: 0 });
    assert.equal((await t.escrow.read.accountOf([t.projectId])).balance, AMOUNT);
  });

  it("works on an allowance where the token knows no permits", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const permit = await signPermit(t);
    const token = await viem.deployContract("HostileToken", [6]);
    const other = await withAsset(t, token);
    const projectId = await createProject(other, { nodeIds: [await registerNode(other)], credit: 0n });
    await fundWallet(other, other.owner, AMOUNT);
    await deposit({ ...other, projectId }, permit);
    assert.equal((await other.escrow.read.accountOf([projectId])).balance, AMOUNT);
  });

  it("is held to the rules of deposits", async () => {
    const t = await networkHelpers.loadFixture(withProject);
    const { deadline, v, r, s } = await signPermit(t);
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.depositWithPermit([99n, AMOUNT, deadline, v, r, s], { account: t.owner.account }),
      t.projects,
      "UnknownProject",
      [99n],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.escrow.write.depositWithPermit([t.projectId, 0n, deadline, v, r, s], { account: t.owner.account }),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
  });
});
