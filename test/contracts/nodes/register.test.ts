import assert from "node:assert/strict";
import { encodeFunctionData, zeroAddress } from "viem";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { addressOf, assertions, fundWallet, type Network, registerNode, USD } from "../support/scenario.ts";

const STAKE = 1_500n * USD;
const ENDPOINT = "https://node.example.org:8443";

async function withFundedOwner() {
  const t = await deployNetwork();
  await fundWallet(t, t.nodeOwner1, 10_000n * USD);
  return t;
}

async function withHostileToken() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  await fundWallet(t, t.nodeOwner1, 10_000n * USD);
  return { ...t, token };
}

const register = (
  { nodes, operator1, nodeOwner1 }: Network,
  options: { operator?: `0x${string}`; region?: number; endpoint?: string; stake?: bigint } = {},
) =>
  nodes.write.register(
    [
      options.operator ?? operator1.account.address,
      options.region ?? 3,
      options.endpoint ?? ENDPOINT,
      options.stake ?? STAKE,
    ],
    { account: nodeOwner1.account },
  );

describe("NodeRegistry.register", () => {
  it("adds a node that the caller owns and takes its stake", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    const owner = addressOf(t.nodeOwner1);
    const operator = addressOf(t.operator1);
    const before = await t.usd.read.balanceOf([owner]);
    await assertions.emitWithArgs(register(t), t.nodes, "NodeRegistered", [
      1,
      owner,
      operator,
      3,
      ENDPOINT,
      STAKE,
    ]);
    assert.deepEqual(await t.nodes.read.nodeOf([1]), {
      owner,
      operator,
      pendingOwner: zeroAddress,
      region: 3,
      retiredFrom: 0,
      isLiftable: false,
      presentUntil: 0,
      leastCap: 0,
      slashLeft: STAKE / 5n,
      stake: STAKE,
      thawing: 0n,
      thawEpoch: 0,
      endpoint: ENDPOINT,
    });
    assert.equal(await t.usd.read.balanceOf([owner]), before - STAKE);
    assert.equal(await t.usd.read.balanceOf([t.nodes.address]), STAKE);
  });

  it("numbers nodes from 1 on", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    assert.equal(await t.nodes.read.nodeCount(), 0);
    await register(t);
    await register(t);
    assert.equal(await t.nodes.read.nodeCount(), 2);
    assert.equal(await t.nodes.read.ownerOf([2]), addressOf(t.nodeOwner1));
  });

  it("puts nobody into the pool: the node says first that it lives and takes projects", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await register(t, { region: 3 });
    assert.equal(await t.nodes.read.poolSize([3]), 0n);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.read.draw([1n, 0x1ff, 1n, 50_000]),
      t.nodes,
      "NoNodes",
      [0x1ff],
    );
  });

  it("lets one operator run many nodes of many owners", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await register(t);
    const second = await registerNode(t, { owner: t.nodeOwner2 });
    assert.equal((await t.nodes.read.nodeOf([second])).operator, addressOf(t.operator1));
    assert.equal(await t.nodes.read.ownerOf([second]), addressOf(t.nodeOwner2));
  });

  it("takes exactly the least stake, and not one unit less", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    const minStake = await t.nodes.read.minStake();
    await assertions.revertWithCustomErrorWithArgs(
      register(t, { stake: minStake - 1n }),
      t.nodes,
      "StakeTooSmall",
      [minStake - 1n, minStake],
    );
    await register(t, { stake: minStake });
    assert.equal((await t.nodes.read.nodeOf([1])).stake, minStake);
  });

  it("counts the stake that arrives, not the one that was sent", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.setFee([1_000n]); // 10 %
    await register(t, { stake: 2_000n * USD });
    assert.equal((await t.nodes.read.nodeOf([1])).stake, 1_800n * USD);
    await assertions.revertWithCustomErrorWithArgs(
      register(t, { stake: 1_100n * USD }),
      t.nodes,
      "StakeTooSmall",
      [990n * USD, 1_000n * USD],
    );
  });

  it("cannot be entered again while it takes the stake: what arrives is not counted twice", async () => {
    const t = await networkHelpers.loadFixture(withHostileToken);
    await t.token.write.mint([t.token.address, STAKE]);
    const approve = encodeFunctionData({
      abi: t.token.abi,
      functionName: "approve",
      args: [t.nodes.address, STAKE],
    });
    await t.token.write.setHook([t.token.address, approve]);
    await t.token.write.mint([t.stranger.account.address, 1n]); // the token approves its own tokens
    const inner = encodeFunctionData({
      abi: t.nodes.abi,
      functionName: "register",
      args: [t.operator2.account.address, 0, ENDPOINT, STAKE],
    });
    await t.token.write.setHook([t.nodes.address, inner]);
    await assertions.revertWithCustomError(register(t), t.nodes, "ReentrancyGuardReentrantCall");
  });

  it("takes no stake that was not approved", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await t.usd.write.approve([t.nodes.address, STAKE - 1n], { account: t.nodeOwner1.account });
    await assertions.revertWithCustomErrorWithArgs(register(t), t.usd, "ERC20InsufficientAllowance", [
      t.nodes.address,
      STAKE - 1n,
      STAKE,
    ]);
  });

  it("refuses the zero operator, who would sign nothing and everything", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await assertions.revertWithCustomErrorWithArgs(
      register(t, { operator: zeroAddress }),
      t.nodes,
      "ZeroOperator",
      [],
    );
  });

  it("knows the regions 0 to 8", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await register(t, { region: 0 });
    await register(t, { region: 8 });
    assert.equal((await t.nodes.read.nodeOf([2])).region, 8);
    await assertions.revertWithCustomErrorWithArgs(register(t, { region: 9 }), t.nodes, "UnknownRegion", [9]);
  });

  it("holds the endpoint to the rules of endpoints", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    const endpoint = "https://node.example.org/path";
    await assertions.revertWithCustomErrorWithArgs(
      register(t, { endpoint }),
      t.nodes,
      "EndpointHasWrongCharacter",
      [endpoint, 24n],
    );
  });

  it("stops at the last id that fits a seat", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await register(t);
    await setNodeCount(t, 2 ** 24 - 2);
    await register(t);
    const last = 2 ** 24 - 1;
    assert.equal(await t.nodes.read.nodeCount(), last);
    assert.equal(await t.nodes.read.ownerOf([last]), addressOf(t.nodeOwner1));
    await assertions.revertWithCustomErrorWithArgs(register(t), t.nodes, "TooManyNodes", []);
  });

  it("waits while the registry is paused", async () => {
    const t = await networkHelpers.loadFixture(withFundedOwner);
    await t.nodes.write.pause({ account: t.guardian.account });
    const until = await t.nodes.read.pausedUntil();
    await assertions.revertWithCustomErrorWithArgs(register(t), t.nodes, "Paused", [until]);
    await networkHelpers.time.setNextBlockTimestamp(until);
    await register(t);
    assert.equal(await t.nodes.read.nodeCount(), 1);
  });
});

/** Sixteen million registrations, done in storage: the count is the field of a low slot that one registration moved. */
async function setNodeCount(t: Network, count: number): Promise<void> {
  const countOf = () => t.nodes.read.nodeCount();
  const was = await countOf();
  for (let slot = 0; slot < 8; slot++) {
    const word = BigInt(await networkHelpers.getStorageAt(t.nodes.address, slot));
    for (let shift = 0n; shift < 256n; shift += 8n) {
      if (((word >> shift) & 0xffffffffn) !== BigInt(was)) continue;
      const changed = (word & ~(0xffffffffn << shift)) | (BigInt(count) << shift);
      await networkHelpers.setStorageAt(t.nodes.address, slot, changed);
      if ((await countOf()) === count) return;
      await networkHelpers.setStorageAt(t.nodes.address, slot, word);
    }
  }
  assert.fail(`no slot holds the count ${was}`);
}
