import assert from "node:assert/strict";
import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { type Counted, countUsage, decideGuilty, disputeCounted } from "../support/dispute.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import {
  ALL_REGIONS,
  assertions,
  cidOf,
  createProject,
  currentEpoch,
  digestOf,
  fundWallet,
  type Network,
  nextEpoch,
  registerNode,
  signBatch,
  submitBatch,
  USD,
  zoneName,
} from "../support/scenario.ts";

const pausables = (t: Network) =>
  [
    {
      name: "NodeRegistry",
      contract: t.nodes,
      pause: (by = t.guardian) => t.nodes.write.pause({ account: by.account }),
      pausedUntil: () => t.nodes.read.pausedUntil(),
    },
    {
      name: "ProjectRegistry",
      contract: t.projects,
      pause: (by = t.guardian) => t.projects.write.pause({ account: by.account }),
      pausedUntil: () => t.projects.read.pausedUntil(),
    },
    {
      name: "UsageSettlement",
      contract: t.settlement,
      pause: (by = t.guardian) => t.settlement.write.pause({ account: by.account }),
      pausedUntil: () => t.settlement.read.pausedUntil(),
    },
  ] as const;

async function pauseAll(t: Network): Promise<void> {
  for (const { pause } of pausables(t)) await pause();
}

describe("pause", () => {
  for (const index of [0, 1, 2] as const) {
    const name = ["NodeRegistry", "ProjectRegistry", "UsageSettlement"][index];

    it(`of the ${name} ends by itself after one epoch`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      const { contract, pause, pausedUntil } = pausables(t)[index];
      assert.equal(await pausedUntil(), 0);
      const now = (await networkHelpers.time.latest()) + 7;
      await networkHelpers.time.setNextBlockTimestamp(now);
      await assertions.emitWithArgs(pause(), contract, "PausedUntil", [now + t.network.epochSeconds]);
      assert.equal(await pausedUntil(), now + t.network.epochSeconds);
    });

    it(`of the ${name} cannot start again for seven epochs after its end`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      const { contract, pause, pausedUntil } = pausables(t)[index];
      await pause();
      const earliest = (await pausedUntil()) + 7 * t.network.epochSeconds;
      await assertions.revertWithCustomErrorWithArgs(pause(), contract, "PauseTooSoon", [earliest]);
      await networkHelpers.time.setNextBlockTimestamp(earliest - 1);
      await assertions.revertWithCustomErrorWithArgs(pause(), contract, "PauseTooSoon", [earliest]);
      await networkHelpers.time.setNextBlockTimestamp(earliest);
      await pause();
      assert.equal(await pausedUntil(), earliest + t.network.epochSeconds);
    });

    it(`of the ${name} is the guardian's alone`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      const { contract, pause, pausedUntil } = pausables(t)[index];
      for (const by of [t.admin, t.deployer, t.arbiter, t.owner, t.stranger]) {
        await assertions.revertWithCustomErrorWithArgs(pause(by), contract, "AccessManagedUnauthorized", [
          by.account.address,
        ]);
      }
      assert.equal(await pausedUntil(), 0);
    });

    it(`of the ${name} pauses nothing else`, async () => {
      const t = await networkHelpers.loadFixture(deployNetwork);
      await pausables(t)[index].pause();
      const others = pausables(t).filter((_, other) => other !== index);
      for (const { pausedUntil } of others) assert.equal(await pausedUntil(), 0);
    });
  }
});

/**
 * A network in which everything is due at once: a thawed stake and a thawed credit, fees and a refund to collect, a
 * bucket that matured, a receipt to release, one to dispute, one to decide and one to draw, and one to submit.
 */
async function withEverythingDue() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 5_000n * USD });
  const first = await createProject(t, { nodeIds: [nodeId] });
  const second = await createProject(t, { nodeIds: [nodeId] });
  await t.projects.write.addVersion([first, cidOf("one"), true], { account: t.owner.account });
  await t.projects.write.addVersion([first, cidOf("two"), true], { account: t.owner.account });
  for (const wallet of [t.owner, t.nodeOwner1, t.stranger]) await fundWallet(t, wallet, 5_000n * USD);
  await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
  await t.escrow.write.requestWithdraw([first, 10n * USD], { account: t.owner.account });
  await nextEpoch(t);

  const matured = await countUsage(t, { nodeId, projectId: first });
  const drawable = await countUsage(t, { nodeId, projectId: first });
  await disputeCounted(t, drawable);
  const guilty = await countUsage(t, { nodeId, projectId: first });
  await disputeCounted(t, guilty);
  await decideGuilty(t, guilty, 0n);
  const released = await countUsage(t, { nodeId, projectId: first });
  await release(t, released);
  await t.settlement.write.claim([nodeId, []]);
  await nextEpoch(t, t.network.times.stakeThaw - 1);

  const fresh = await countUsage(t, { nodeId, projectId: first });
  const disputed = await countUsage(t, { nodeId, projectId: second });
  await disputeCounted(t, disputed);
  const epoch = await currentEpoch(t);
  await nextEpoch(t);
  const unsubmitted = await signBatch(t, { nodeId, epoch, receipts: [{ projectId: first }] });
  return { ...t, nodeId, first, second, matured, drawable, fresh, disputed, unsubmitted };
}
type Due = Awaited<ReturnType<typeof withEverythingDue>>;

const release = (t: Network, { nodeId, epoch, statements, lines }: Counted) =>
  t.settlement.write.release([nodeId, epoch, statements, lines, 0n, "0x"], { account: t.owner.account });
const owner = (t: Due) => ({ account: t.owner.account });
const nodeOwner = (t: Due) => ({ account: t.nodeOwner1.account });
const CAP = 1_000_000;

/** ERC-3009. */
const RECEIVE_WITH_AUTHORIZATION = [
  { name: "from", type: "address" },
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "validAfter", type: "uint256" },
  { name: "validBefore", type: "uint256" },
  { name: "nonce", type: "bytes32" },
] as const;

/** The stranger relays what the owner signed. */
async function depositBySignature(t: Due): Promise<Hex> {
  const [from, salt] = [t.owner.account.address, t.fresh.statements];
  const nonce = keccak256(
    encodeAbiParameters(parseAbiParameters("uint64, address, bytes32"), [t.first, from, salt]),
  );
  const signature = await t.owner.signTypedData({
    domain: {
      name: "Mock USD",
      version: "1",
      chainId: t.network.chainId,
      verifyingContract: t.usd.address,
    },
    types: { ReceiveWithAuthorization: RECEIVE_WITH_AUTHORIZATION },
    primaryType: "ReceiveWithAuthorization",
    message: { from, to: t.escrow.address, value: USD, validAfter: 0n, validBefore: 2n ** 40n, nonce },
  });
  return t.escrow.write.depositWithAuthorization([t.first, from, from, USD, 0n, 2n ** 40n, salt, signature], {
    account: t.stranger.account,
  });
}

const stopped: [string, (t: Due) => Promise<Hex>, "nodes" | "projects" | "settlement"][] = [
  [
    "registering a node",
    (t) => t.nodes.write.register([t.operator1.account.address, 0, "https://a", 1_000n * USD], nodeOwner(t)),
    "nodes",
  ],
  [
    "deploying a new project",
    (t) => t.projects.write.deploy([zoneName("fresh"), cidOf("x")], owner(t)),
    "projects",
  ],
  [
    "deploying to a project that stands",
    (t) => t.projects.write.deploy([zoneName("project-1"), cidOf("x")], owner(t)),
    "projects",
  ],
  [
    "creating a project on named nodes",
    (t) => t.projects.write.createProjectOn([zoneName("fresh"), [t.nodeId], CAP], owner(t)),
    "projects",
  ],
  [
    "creating a project on drawn nodes",
    (t) => t.projects.write.createProject([zoneName("fresh"), 1, ALL_REGIONS, CAP], owner(t)),
    "projects",
  ],
  [
    "adding a version",
    (t) => t.projects.write.addVersion([t.first, cidOf("x"), false], owner(t)),
    "projects",
  ],
  ["submitting a batch", (t) => submitBatch(t, t.unsubmitted), "settlement"],
];

const running: [string, (t: Due) => Promise<unknown>][] = [
  ["a deposit", (t) => t.escrow.write.deposit([t.first, USD], { account: t.stranger.account })],
  [
    "a deposit with a permit",
    (t) =>
      t.escrow.write.depositWithPermit(
        [t.first, USD, 0n, 0, t.fresh.statements, t.fresh.statements],
        owner(t),
      ),
  ],
  [
    "a deposit at a domain",
    (t) =>
      t.escrow.write.depositAt([zoneName("project-1"), t.owner.account.address, USD], {
        account: t.stranger.account,
      }),
  ],
  ["a deposit by signature", depositBySignature],
  ["asking credit back", (t) => t.escrow.write.requestWithdraw([t.second, USD], owner(t))],
  ["leaving credit where it is", (t) => t.escrow.write.cancelWithdraw([t.first], owner(t))],
  ["withdrawing credit", (t) => t.escrow.write.withdraw([t.first], owner(t))],
  ["collecting a refund", (t) => t.escrow.write.collectRefund([t.stranger.account.address], owner(t))],
  ["collecting the fees", (t) => t.escrow.write.collectFees()],
  ["adding stake", (t) => t.nodes.write.addStake([t.nodeId, USD], nodeOwner(t))],
  ["asking stake back", (t) => t.nodes.write.requestUnstake([t.nodeId, USD], nodeOwner(t))],
  ["leaving stake where it is", (t) => t.nodes.write.cancelUnstake([t.nodeId], nodeOwner(t))],
  ["withdrawing stake", (t) => t.nodes.write.withdrawStake([t.nodeId], nodeOwner(t))],
  [
    "a node's presence",
    async (t) => t.nodes.write.setPresence([t.nodeId, await currentEpoch(t), 0], nodeOwner(t)),
  ],
  ["a new operator", (t) => t.nodes.write.setOperator([t.nodeId, t.stranger.account.address], nodeOwner(t))],
  ["a release", (t) => release(t, t.fresh)],
  ["a dispute", (t) => disputeCounted(t, t.fresh)],
  ["a decision against the node", (t) => decideGuilty(t, t.disputed, 100n * USD)],
  [
    "a decision for the node",
    (t) =>
      t.settlement.write.decide([t.second, t.nodeId, t.disputed.epoch, false, 0n, 0n], {
        account: t.arbiter.account,
      }),
  ],
  [
    "more time for a decision",
    (t) => t.settlement.write.extend([t.second, t.nodeId, t.disputed.epoch], { account: t.arbiter.account }),
  ],
  ["a draw", (t) => t.settlement.write.draw([t.first, t.nodeId, t.drawable.epoch])],
  ["a claim", (t) => t.settlement.write.claim([t.nodeId, [t.matured.epoch]])],
  [
    "going back to an older version",
    (t) => t.projects.write.activate([t.first, 1, digestOf("one")], owner(t)),
  ],
  ["splitting between versions", (t) => t.projects.write.split([t.first, 1, 500], owner(t))],
  ["a lower budget", (t) => t.projects.write.setBudget([t.first, 1_000], owner(t))],
  ["a higher budget at once", (t) => t.projects.write.grow([t.first, 2 * CAP, []], owner(t))],
  ["other replicas", (t) => t.projects.write.setReplicas([t.first, [t.nodeId]], owner(t))],
  ["leaving a project", (t) => t.projects.write.leaveSeats([[t.first], t.nodeId], nodeOwner(t))],
  ["giving a name up", (t) => t.names.write.releaseDomain([t.first, zoneName("project-1")], owner(t))],
  ["closing a project", (t) => t.projects.write.close([t.first], owner(t))],
];

describe("A pause", () => {
  for (const [name, act, where] of stopped) {
    it(`stops ${name}, and ends in its second`, async () => {
      const t = await networkHelpers.loadFixture(withEverythingDue);
      await pauseAll(t);
      const until = await t[where].read.pausedUntil();
      await assertions.revertWithCustomErrorWithArgs(act(t), t[where], "Paused", [until]);
      await networkHelpers.time.setNextBlockTimestamp(until - 1);
      await assertions.revertWithCustomErrorWithArgs(act(t), t[where], "Paused", [until]);
      await networkHelpers.time.setNextBlockTimestamp(until);
      await act(t);
    });
  }

  for (const [name, act] of running) {
    it(`never stops ${name}`, async () => {
      const t = await networkHelpers.loadFixture(withEverythingDue);
      await pauseAll(t);
      await act(t);
      for (const { pausedUntil } of pausables(t)) {
        assert.ok((await networkHelpers.time.latest()) < (await pausedUntil()), "the pause was over before");
      }
    });
  }

  it("leaves time to submit: what was used in the epoch before it still counts after it", async () => {
    const t = await networkHelpers.loadFixture(withEverythingDue);
    await t.settlement.write.pause({ account: t.guardian.account });
    await nextEpoch(t, 2);
    await submitBatch(t, t.unsubmitted);
    assert.equal(await t.settlement.read.isCounted([t.first, t.unsubmitted.epoch, 0]), true);
  });
});
