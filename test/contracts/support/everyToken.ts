import { encodeFunctionData, type Hex } from "viem";
import { type Counted, countUsage, decideGuilty, disputeCounted } from "./dispute.ts";
import { withAsset } from "./hostile.ts";
import { deployNetwork, viem } from "./network.ts";
import { addressOf, createProject, fundWallet, nextEpoch, registerNode, USD, zoneName } from "./scenario.ts";

/** How a transfer of the token ends, as `HostileToken.setEnding` takes it. */
export const ENDING = { true: 0, nothing: 1, false: 2, revert: 3 } as const;

/** CPU time of a receipt that costs 1.00, for which up to 105.00 of stake can be taken. */
const CPU_MS = 50_000_000n;

/**
 * A network on a token that misbehaves as it is told, in an epoch in which each way in and out of both contracts is
 * open at once: credit and stake have thawed, an epoch is mature, a refund and fees wait, one dispute is to be decided
 * and one receipt to be disputed.
 */
export async function everyWayOpen() {
  const first = await deployNetwork();
  const token = await viem.deployContract("HostileToken", [6]);
  const t = await withAsset(first, token);
  const nodeId = await registerNode(t, { stake: 3_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 100n * USD });
  await t.escrow.write.requestWithdraw([projectId, 10n * USD], { account: t.owner.account });
  await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
  await nextEpoch(t);

  const mature = await countUsage(t, { nodeId, projectId });
  const decided = await countUsage(t, { nodeId, projectId, cpuMs: CPU_MS });
  await disputeCounted(t, decided);
  await decideGuilty(t, decided, 100n * USD);
  await nextEpoch(t, t.network.times.stakeThaw);
  const disputed = await countUsage(t, { nodeId, projectId, cpuMs: CPU_MS });
  await disputeCounted(t, disputed);
  const disputable = await countUsage(t, { nodeId, projectId });
  for (const wallet of [t.owner, t.nodeOwner2]) await fundWallet(t, wallet, 2_000n * USD);
  return { ...t, token, nodeId, projectId, mature, disputed, disputable };
}
export type EveryWay = Awaited<ReturnType<typeof everyWayOpen>>;

export interface Way {
  /** The contract that moves the tokens. */
  readonly contract: "escrow" | "nodes";
  /** Whose tokens go in, or who gets what comes out; the fee receiver is the guardian. */
  readonly party: "owner" | "nodeOwner1" | "nodeOwner2" | "guardian";
  readonly direction: "in" | "out" | "between";
  /** What moves, in base units. */
  readonly amount: bigint;
  /** How the escrow refuses when the token does nothing and says so by a false, or cannot say so. */
  readonly refusal?: "NothingDeposited";
  readonly go: (t: EveryWay) => Promise<Hex>;
}

const NOT_A_PERMIT: Hex = `0x${"11".repeat(32)}`;
const dispute = (t: EveryWay, { nodeId, epoch, statements, lines }: Counted) =>
  t.settlement.write.dispute([nodeId, epoch, statements, lines, 0n, 5n * USD, "not served"], {
    account: t.owner.account,
  });

/** Every call that moves tokens; in an order in which none changes what the next ones move. */
export const WAYS: Readonly<Record<string, Way>> = {
  deposit: {
    contract: "escrow",
    party: "owner",
    direction: "in",
    amount: 7n * USD,
    go: (t) => t.escrow.write.deposit([t.projectId, 7n * USD], { account: t.owner.account }),
  },
  depositWithPermit: {
    contract: "escrow",
    party: "owner",
    direction: "in",
    amount: 7n * USD,
    go: (t) =>
      t.escrow.write.depositWithPermit([t.projectId, 7n * USD, 0n, 27, NOT_A_PERMIT, NOT_A_PERMIT], {
        account: t.owner.account,
      }),
  },
  depositAt: {
    contract: "escrow",
    party: "owner",
    direction: "in",
    amount: 7n * USD,
    go: (t) =>
      t.escrow.write.depositAt([zoneName("project-1"), addressOf(t.owner), 7n * USD], {
        account: t.owner.account,
      }),
  },
  depositWithAuthorization: {
    contract: "escrow",
    party: "owner",
    direction: "in",
    amount: 7n * USD,
    refusal: "NothingDeposited", // ERC-3009 has no result that could be false
    go: (t) => {
      const owner = addressOf(t.owner);
      return t.escrow.write.depositWithAuthorization(
        [t.projectId, owner, owner, 7n * USD, 0n, 2n ** 40n, NOT_A_PERMIT, "0x"],
        { account: t.stranger.account },
      );
    },
  },
  withdraw: {
    contract: "escrow",
    party: "owner",
    direction: "out",
    amount: 10n * USD,
    go: (t) => t.escrow.write.withdraw([t.projectId], { account: t.owner.account }),
  },
  dispute: {
    contract: "escrow",
    party: "owner",
    direction: "in",
    amount: 5n * USD,
    go: (t) => dispute(t, t.disputable),
  },
  collectRefund: {
    contract: "escrow",
    party: "owner",
    direction: "out",
    amount: 15n * USD, // the bond, and a reward of twice that
    go: (t) => t.escrow.write.collectRefund([addressOf(t.owner)], { account: t.owner.account }),
  },
  collectFees: {
    contract: "escrow",
    party: "guardian",
    direction: "out",
    amount: 90n * USD,
    go: (t) => t.escrow.write.collectFees({ account: t.stranger.account }),
  },
  claim: {
    contract: "escrow",
    party: "nodeOwner1",
    direction: "out",
    amount: 950n,
    go: (t) => t.settlement.write.claim([t.nodeId, [t.mature.epoch]], { account: t.stranger.account }),
  },
  "decide with a slash": {
    contract: "escrow",
    party: "nodeOwner1",
    direction: "between",
    amount: 40n * USD,
    go: (t) => decideGuilty(t, t.disputed, 40n * USD),
  },
  register: {
    contract: "nodes",
    party: "nodeOwner2",
    direction: "in",
    amount: 1_500n * USD,
    go: (t) =>
      t.nodes.write.register([addressOf(t.operator2), 0, "https://late.example.org", 1_500n * USD], {
        account: t.nodeOwner2.account,
      }),
  },
  addStake: {
    contract: "nodes",
    party: "nodeOwner2",
    direction: "in",
    amount: 20n * USD,
    go: (t) => t.nodes.write.addStake([t.nodeId, 20n * USD], { account: t.nodeOwner2.account }),
  },
  withdrawStake: {
    contract: "nodes",
    party: "nodeOwner1",
    direction: "out",
    amount: 500n * USD,
    go: (t) => t.nodes.write.withdrawStake([t.nodeId], { account: t.nodeOwner1.account }),
  },
};

/** What each contract holds beyond what it owes: 0 and 0, whatever the token does. */
export async function surplus({ token, escrow, nodes, projectId }: EveryWay): Promise<[bigint, bigint]> {
  const { balance } = await escrow.read.accountOf([projectId]);
  const owed = balance + (await escrow.read.held()) + (await escrow.read.fees());
  let stakes = 0n;
  const count = await nodes.read.nodeCount();
  for (let nodeId = 1; nodeId <= count; nodeId++) stakes += (await nodes.read.nodeOf([nodeId])).stake;
  return [
    (await token.read.balanceOf([escrow.address])) - owed,
    (await token.read.balanceOf([nodes.address])) - stakes,
  ];
}

/** A guarded call of `contract` that anyone may make, for a token to make in the middle of a transfer. */
export const guardedCall = ({ escrow, nodes, nodeId }: EveryWay, contract: Way["contract"]) =>
  contract === "escrow"
    ? {
        target: escrow.address,
        data: encodeFunctionData({ abi: escrow.abi, functionName: "collectFees" }),
      }
    : {
        target: nodes.address,
        data: encodeFunctionData({ abi: nodes.abi, functionName: "addStake", args: [nodeId, 0n] }),
      };
