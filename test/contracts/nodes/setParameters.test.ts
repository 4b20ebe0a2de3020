import assert from "node:assert/strict";
import { encodeFunctionData } from "viem";
import { announce, announceAndWait } from "../support/governance.ts";
import { deployNodes, deployProjects } from "../support/hostile.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  cidOf,
  fundWallet,
  type Network,
  nextEpoch,
  registerNode,
  termsOf,
  USD,
  zoneName,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

type Parameters = readonly [minStake: bigint, seatStakeFactor: number, maxSlashShareBps: number];

const MIN_STAKE = 1_000n * USD;
const LEAST = USD;
const MOST = 1_000_000n * USD;

/** At each bound, with what the others leave room for. */
const WITHIN: readonly Parameters[] = [
  [LEAST, 20, 2_000], // 20 x 0.05 is all of it
  [MOST, 120, 2_000],
  [MIN_STAKE, 0, 2_000],
  [MIN_STAKE, 200, 2_000],
  [MIN_STAKE, 120, 500],
  [MIN_STAKE, 120, 5_000],
];
/** One step past each bound, and far past it. */
const OUTSIDE: readonly Parameters[] = [
  [0n, 0, 2_000],
  [LEAST - 1n, 0, 2_000],
  [MOST + 1n, 120, 2_000],
  [2n ** 64n - 1n, 120, 2_000],
  [MIN_STAKE, 201, 2_000],
  [MIN_STAKE, 2 ** 16 - 1, 2_000],
  [MIN_STAKE, 120, 0],
  [MIN_STAKE, 120, 499],
  [MIN_STAKE, 120, 5_001],
  [MIN_STAKE, 120, 2 ** 16 - 1],
];

const callOf = (t: Network, args: Parameters) =>
  encodeFunctionData({ abi: t.nodes.abi, functionName: "setParameters", args });
const set = (t: Network, args: Parameters) => t.nodes.write.setParameters(args, { account: t.admin.account });
const change = async (t: Network, args: Parameters) => {
  await announceAndWait(t, t.nodes, callOf(t, args));
  return set(t, args);
};
const standing = async ({ nodes }: { nodes: Awaited<ReturnType<typeof deployNodes>> }) => [
  await nodes.read.minStake(),
  await nodes.read.seatStakeFactor(),
  await nodes.read.maxSlashShareBps(),
];

describe("NodeRegistry.setParameters", () => {
  it("sets the least stake of new nodes, after its delay", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const args = [2_000n * USD, 100, 3_000] as const;
    await announceAndWait(t, t.nodes, callOf(t, args));
    await assertions.emitWithArgs(set(t, args), t.nodes, "ParametersSet", [...args]);
    assert.deepEqual(await standing(t), args);
    await fundWallet(t, t.nodeOwner1, args[0]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.register([t.operator1.account.address, 0, "https://a", args[0] - 1n], {
        account: t.nodeOwner1.account,
      }),
      t.nodes,
      "StakeTooSmall",
      [args[0] - 1n, args[0]],
    );
  });

  it("sets what a seat needs of stake, from now on", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const nodeId = await registerNode(t, { stake: MIN_STAKE });
    const most = 10 * Number(USD);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.read.requireSeatable([termsOf([nodeId], most), 0n]),
      t.nodes,
      "StakeTooSmallForCap",
      [nodeId, MIN_STAKE, 1_200n * USD],
    );
    await change(t, [MIN_STAKE, 100, 2_000]);
    await t.nodes.read.requireSeatable([termsOf([nodeId], most), 0n]);
    assert.deepEqual(await t.nodes.read.draw([1n, 1 << 3, 0n, most]), [nodeId]);
  });

  it("sets what one epoch's slashes take, of nodes that were not slashed in it yet", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const [slashed, other] = [await registerNode(t), await registerNode(t)];
    const args = [MIN_STAKE, 120, 500] as const;
    await announceAndWait(t, t.nodes, callOf(t, args));
    await nextEpoch(t);
    await slashAsSettlement(t, slashed, 400n * USD);
    await set(t, args);
    const left = async (nodeId: number) => (await t.nodes.read.nodeOf([nodeId])).slashLeft;
    assert.deepEqual([await left(slashed), await left(other)], [2_000n * USD, 600n * USD]);
    await nextEpoch(t);
    assert.equal(await left(slashed), 580n * USD); // 5 % of the 11,600 that stayed
  });

  it("does not touch nodes that stand", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const nodeId = await registerNode(t);
    await change(t, [MOST, 200, 5_000]);
    const node = await t.nodes.read.nodeOf([nodeId]);
    assert.deepEqual([node.retiredFrom, node.stake], [0, 12_000n * USD]);
    await t.nodes.read.requireSeatable([termsOf([nodeId], 50_000), 0n]);
    assert.equal(await t.nodes.read.poolSize([3]), 1n);
  });

  it("stays within hard bounds", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    for (const args of WITHIN) {
      await change(t, args);
      assert.deepEqual(await standing(t), args);
    }
    for (const args of OUTSIDE) {
      await announceAndWait(t, t.nodes, callOf(t, args));
      await assertions.revertWithCustomErrorWithArgs(set(t, args), t.nodes, "NodeParametersOutOfBounds", [
        ...args,
      ]);
      assert.deepEqual(await standing(t), WITHIN.at(-1));
    }
  });

  it("starts within the same bounds", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const deploy = ([minStake, seatStakeFactor, maxSlashShareBps]: Parameters) =>
      deployNodes(t, { minStake, seatStakeFactor, maxSlashShareBps });
    for (const args of WITHIN) assert.deepEqual(await standing({ nodes: await deploy(args) }), args);
    for (const args of OUTSIDE) {
      await assertions.revertWithCustomErrorWithArgs(deploy(args), t.nodes, "NodeParametersOutOfBounds", [
        ...args,
      ]);
    }
  });

  it("never asks more for a project of deploy than the least stake carries", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const cap = t.parameters.defaultCap; // 50,000
    for (const factor of [1, 120, 200]) {
      const needed = cap * BigInt(factor);
      if (needed > LEAST) {
        const args = [needed - 1n, factor, 2_000] as const;
        await announceAndWait(t, t.nodes, callOf(t, args));
        await assertions.revertWithCustomErrorWithArgs(set(t, args), t.nodes, "NodeParametersOutOfBounds", [
          ...args,
        ]);
      }
      await change(t, [needed > LEAST ? needed : LEAST, factor, 2_000]);
    }
    // So the least of nodes always serves: with the strictest factor, on the stake that this asks for.
    const nodeId = await registerNode(t, { stake: cap * 200n });
    await t.projects.write.deploy([zoneName("least"), cidOf("least")], { account: t.owner.account });
    assert.deepEqual((await t.projects.read.termsAt([1n, await t.nodes.read.currentEpoch()]))[0], [nodeId]);
  });

  it("is compared at the deployment too: there are no projects over nodes that could not serve them", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const needed = 120n * t.parameters.defaultCap;
    const nodes = await deployNodes(t, { minStake: needed - 1n });
    await assertions.revertWithCustomErrorWithArgs(
      deployProjects(t, nodes.address),
      t.projects,
      "DefaultCapOutOfBounds",
      [Number(t.parameters.defaultCap), needed, needed - 1n],
    );
    await deployProjects(t, (await deployNodes(t, { minStake: needed })).address);
  });

  it("is nobody's without the role, and nobody's at once", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const args = [MIN_STAKE, 100, 2_000] as const;
    for (const wallet of [t.deployer, t.guardian, t.arbiter, t.stranger]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.write.setParameters(args, { account: wallet.account }),
        t.nodes,
        "AccessManagedUnauthorized",
        [addressOf(wallet)],
      );
    }
    await assertions.revertWithCustomError(set(t, args), t.accessManager, "AccessManagerNotScheduled");
    await announce(t, t.nodes, callOf(t, args));
    await assertions.revertWithCustomError(set(t, args), t.accessManager, "AccessManagerNotReady");
  });
});
