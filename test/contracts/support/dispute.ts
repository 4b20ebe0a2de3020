import type { Hex } from "viem";
import {
  currentEpoch,
  fundWallet,
  lineAmount,
  type Network,
  nextEpoch,
  type ReceiptInput,
  submitUsage,
  type Wallet,
} from "./scenario.ts";

export interface Counted {
  nodeId: number;
  projectId: bigint;
  epoch: number;
  statements: Hex;
  lines: Hex;
  amount: bigint;
}

/** The node serves the project in this epoch, and in the next the receipt counts. */
export async function countUsage(
  t: Network,
  usage: Omit<ReceiptInput, "projectId"> & { nodeId: number; projectId: bigint; operator?: Wallet },
): Promise<Counted> {
  const { nodeId, operator, ...receipt } = usage;
  const epoch = await currentEpoch(t);
  await nextEpoch(t);
  const { statements, lines } = await submitUsage(t, {
    nodeId,
    epoch,
    receipts: [receipt],
    ...(operator && { operator }),
  });
  return { nodeId, projectId: usage.projectId, epoch, statements, lines, amount: lineAmount(lines) };
}

/** The owner of the project disputes the first line of a counted batch; returns the bond. */
export async function disputeCounted(t: Network, counted: Counted, owner: Wallet = t.owner): Promise<bigint> {
  const { minBond } = await t.settlement.read.parameters();
  const bond = counted.amount > minBond ? counted.amount : minBond;
  await fundWallet(t, owner, bond);
  await t.settlement.write.dispute(
    [counted.nodeId, counted.epoch, counted.statements, counted.lines, 0n, bond, "it did not answer"],
    { account: owner.account },
  );
  return bond;
}

/** The arbiter finds the node guilty: `slash` of its stake goes, half of it to the disputer unless told otherwise. */
export const decideGuilty = (
  t: Network,
  counted: Counted,
  slash: bigint,
  reward = slash / 2n,
): Promise<Hex> =>
  t.settlement.write.decide([counted.projectId, counted.nodeId, counted.epoch, true, slash, reward], {
    account: t.arbiter.account,
  });

/**
 * A dispute over this epoch, decided against the node: what stands of its stake is `slash` less, where the receipt was
 * dear enough for it: a hundredth, above the first 5.00.
 */
export async function slashNode(
  t: Network,
  options: {
    nodeId: number;
    projectId: bigint;
    cpuMs?: bigint;
    slash: bigint;
    reward?: bigint;
    operator?: Wallet;
  },
): Promise<{ counted: Counted; hash: Hex }> {
  const { slash, reward, ...usage } = options;
  const counted = await countUsage(t, usage);
  await disputeCounted(t, counted);
  return { counted, hash: await decideGuilty(t, counted, slash, reward) };
}
