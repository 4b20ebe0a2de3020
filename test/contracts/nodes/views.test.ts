import assert from "node:assert/strict";
import { zeroAddress } from "viem";
import { startOf } from "../support/clock.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  addressOf,
  assertions,
  currentEpoch,
  FULL,
  moveToEpoch,
  nextEpoch,
  registerNode,
  termsOf,
  USD,
} from "../support/scenario.ts";
import { slashAsSettlement } from "../support/slash.ts";

async function withNodes() {
  const t = await deployNetwork();
  const first = await registerNode(t, { endpoint: "https://one.example", stake: 2_500n * USD });
  const second = await registerNode(t, {
    endpoint: "https://two.example",
    owner: t.nodeOwner2,
    operator: t.operator2.account.address,
    present: false,
  });
  await nextEpoch(t);
  return { ...t, first, second };
}

describe("NodeRegistry.nodeOf", () => {
  it("gives every field where it belongs", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const epoch = await currentEpoch(t);
    const { account } = t.nodeOwner1;
    await t.nodes.write.setRegion([t.first, 8], { account });
    await t.nodes.write.setPresence([t.first, epoch + 9, 70_000], { account });
    await slashAsSettlement(t, t.first, 100n * USD);
    await t.nodes.write.transferOwnership([t.first, t.stranger.account.address], { account });
    await t.nodes.write.requestUnstake([t.first, 2_000n * USD], { account });
    assert.deepEqual(await t.nodes.read.nodeOf([t.first]), {
      owner: addressOf(t.nodeOwner1),
      operator: addressOf(t.operator1),
      pendingOwner: addressOf(t.stranger),
      region: 8,
      retiredFrom: epoch + 1,
      isLiftable: false,
      presentUntil: epoch + 9,
      leastCap: 70_000,
      slashLeft: 400n * USD,
      stake: 2_400n * USD,
      thawing: 2_000n * USD,
      thawEpoch: epoch,
      endpoint: "https://one.example",
    });
  });

  it("keeps nodes apart", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const node = await t.nodes.read.nodeOf([t.second]);
    assert.deepEqual(
      [node.owner, node.operator, node.endpoint, node.stake],
      [addressOf(t.nodeOwner2), addressOf(t.operator2), "https://two.example", 12_000n * USD],
    );
  });
});

describe("NodeRegistry.signerOf", () => {
  it("names the operator and from when on nothing counts", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    assert.deepEqual(await t.nodes.read.signerOf([t.second]), [addressOf(t.operator2), 0]);
    const epoch = await currentEpoch(t);
    await t.nodes.write.requestUnstake([t.second, 12_000n * USD], { account: t.nodeOwner2.account });
    assert.deepEqual(await t.nodes.read.signerOf([t.second]), [addressOf(t.operator2), epoch + 1]);
  });
});

describe("NodeRegistry.isKeeper", () => {
  it("is true of the owner and the operator", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const keepers = [t.nodeOwner1, t.operator1, t.nodeOwner2, t.operator2, t.stranger].map((wallet) =>
      t.nodes.read.isKeeper([t.first, wallet.account.address]),
    );
    assert.deepEqual(await Promise.all(keepers), [true, true, false, false, false]);
    assert.equal(await t.nodes.read.isKeeper([t.first, zeroAddress]), false);
  });
});

describe("NodeRegistry.requireSeatable", () => {
  it("refuses a full node whatever the cap, the greatest one too", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const until = (await currentEpoch(t)) + 1;
    await t.nodes.write.setPresence([t.first, until, FULL], { account: t.operator1.account });
    for (const cap of [1_000, FULL - 1, FULL]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.nodes.read.requireSeatable([termsOf([t.first], cap), 0n]),
        t.nodes,
        "CapBelowLeast",
        [t.first, cap, FULL],
      );
    }
  });
});

describe("NodeRegistry.chargeableSeats", () => {
  it("are those whose nodes are not retired in the epoch, absent or full ones among them", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const epoch = await nextEpoch(t, 60);
    await t.nodes.write.requestUnstake([t.first, 2_500n * USD], { account: t.nodeOwner1.account });
    const seats = [t.second, 0, t.first];
    assert.equal(await t.nodes.read.chargeableSeats([termsOf(seats), epoch - 1]), 0b101n);
    assert.equal(await t.nodes.read.chargeableSeats([termsOf(seats), epoch]), 0b101n);
    assert.equal(await t.nodes.read.chargeableSeats([termsOf(seats), epoch + 1]), 0b001n);
    assert.equal(await t.nodes.read.chargeableSeats([termsOf(seats), epoch + 500]), 0b001n);
    assert.equal(await t.nodes.read.chargeableSeats([termsOf([]), epoch]), 0n);
  });
});

describe("NodeRegistry.isGone", () => {
  it("is true once a presence has been over for two whole epochs", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const until = (await currentEpoch(t)) + 4;
    await t.nodes.write.setPresence([t.first, until, 0], { account: t.operator1.account });
    assert.equal(await t.nodes.read.isGone([t.first]), false);
    await networkHelpers.time.increaseTo(startOf(t, until + 3) - 1);
    assert.equal(await t.nodes.read.isGone([t.first]), false);
    await moveToEpoch(t, until + 3);
    assert.equal(await t.nodes.read.isGone([t.first]), true);
    await t.nodes.write.setPresence([t.first, until + 3, 0], { account: t.operator1.account });
    assert.equal(await t.nodes.read.isGone([t.first]), false);
  });

  it("is false of a node that is full, for as long as it says that it lives", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const until = (await currentEpoch(t)) + 30;
    await t.nodes.write.setPresence([t.first, until, FULL], { account: t.operator1.account });
    await moveToEpoch(t, until + 2);
    assert.equal(await t.nodes.read.isGone([t.first]), false);
    await moveToEpoch(t, until + 3);
    assert.equal(await t.nodes.read.isGone([t.first]), true);
  });

  it("is true of a node that never said that it lives", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    await nextEpoch(t, 3);
    assert.equal(await t.nodes.read.isGone([t.second]), true);
  });

  it("is true of a retired node at once, even if it said that it lives", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    assert.equal(await t.nodes.read.isGone([t.first]), false);
    await t.nodes.write.requestUnstake([t.first, 2_500n * USD], { account: t.nodeOwner1.account });
    assert.equal(await t.nodes.read.isGone([t.first]), true);
  });
});

describe("NodeRegistry.endpointsOf", () => {
  it("gives endpoints in the order asked for, with a gap where there is no node", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    assert.deepEqual(await t.nodes.read.endpointsOf([[t.second, 77, t.first, 0, t.second]]), [
      "https://two.example",
      "",
      "https://one.example",
      "",
      "https://two.example",
    ]);
    assert.deepEqual(await t.nodes.read.endpointsOf([[]]), []);
  });
});

describe("NodeRegistry's views", () => {
  it("know no node that was not registered", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    const { read } = t.nodes;
    const views = [
      (nodeId: number) => read.nodeOf([nodeId]),
      (nodeId: number) => read.signerOf([nodeId]),
      (nodeId: number) => read.ownerOf([nodeId]),
      (nodeId: number) => read.isKeeper([nodeId, zeroAddress]),
      (nodeId: number) => read.isGone([nodeId]),
    ];
    // In terms 0 is an empty seat.
    const ofTerms = [
      (nodeId: number) => read.requireSeatable([termsOf([t.first, nodeId], 50_000), 0n]),
      (nodeId: number) => read.requireSeatable([termsOf([nodeId], 50_000), termsOf([nodeId])]),
    ];
    for (const nodeId of [0, 3]) {
      for (const view of nodeId === 0 ? views : [...views, ...ofTerms]) {
        await assertions.revertWithCustomErrorWithArgs(view(nodeId), t.nodes, "UnknownNode", [nodeId]);
      }
    }
  });

  it("name the asset", async () => {
    const t = await networkHelpers.loadFixture(withNodes);
    assert.equal((await t.nodes.read.asset()).toLowerCase(), t.usd.address.toLowerCase());
  });
});
