import { encodeFunctionData, type Hex } from "viem";
import type { Note, SimulatedNetwork } from "./simulateNetwork.ts";

const PROJECTS = 100;
const CLAIMED_EPOCHS = 7;
const CAP = 1_000_000;
const CREDIT = 1_000_000_000n;
const BOND = 5_000_000n;
/** Epochs whose batches an agent sends in one transaction. */
const EPOCHS_TOGETHER = 3;

/**
 * From receipts to payment: 100 projects on nodes 1 to 3. "First" calls write slots that were empty, "steady" ones do not.
 * @returns The projects, which have credit left; two disputes and their bonds lie behind.
 */
export async function gasOfUsage(network: SimulatedNetwork, note: Note): Promise<readonly bigint[]> {
  const { projects, escrow, settlement, wallet, arbiter, other, chainId } = network;
  const first = (await projects.read.projectCount()) + 1n;
  const projectIds = Array.from({ length: PROJECTS }, (_, i) => first + BigInt(i));
  for (const projectId of projectIds) {
    await projects.write.createProjectOn([`p-${projectId}.worker3.localhost`, [1, 2, 3], CAP]);
    const deposit = escrow.write.deposit([projectId, CREDIT]);
    if (projectId === first) await note("CreditEscrow.deposit, first", deposit);
    await deposit;
  }
  await note("CreditEscrow.deposit, steady", escrow.write.deposit([first, CREDIT]));

  const submit = async (nodeId: number, epoch: number, count: number) =>
    settlement.write.submit(await network.signed(nodeId, epoch, projectIds.slice(0, count)));
  await network.nextEpoch();
  let epoch = await network.nextEpoch();
  await note("a receipt, batch of 100, first ever", submit(1, epoch, 100), { goal: 18_500, share: 100 });
  epoch = await network.nextEpoch();
  await note("a receipt, batch of 100, steady", submit(1, epoch, 100), { goal: 18_500, share: 100 });
  await note("a receipt, batch of 10, steady", submit(2, epoch, 10), { share: 10 });
  await note("a receipt, batch of 1, steady", submit(3, epoch, 1));

  const batcher = await network.viem.deployContract("Batch");
  const together: number[] = [];
  for (let i = 0; i < EPOCHS_TOGETHER; i++) together.push(await network.nextEpoch());
  /** The batches of all these epochs in one transaction, as an agent sends them; what a receipt costs then. */
  const noteTogether = async (nodeId: number, count: number, goal?: number) => {
    const signed = await Promise.all(
      together.map((each) => network.signed(nodeId, each, projectIds.slice(0, count))),
    );
    const calls = signed.map((args) =>
      encodeFunctionData({ abi: settlement.abi, functionName: "submit", args }),
    );
    const what = `a receipt, ${EPOCHS_TOGETHER} batches of ${count} in one transaction`;
    await note(what, batcher.write.act([settlement.address, calls]), {
      share: EPOCHS_TOGETHER * count,
      ...(goal === undefined ? {} : { goal }),
    });
  };
  await noteTogether(1, 100, 10_000);
  await noteTogether(2, 10);
  await noteTogether(3, 1);

  const epochs: number[] = [];
  for (let i = 0; i < 2 * CLAIMED_EPOCHS; i++) {
    epoch = await network.nextEpoch();
    await submit(1, epoch, 6); // the last epoch's are released and disputed below, but one
    epochs.push(epoch);
  }
  const lines = await network.linesOf(1, epoch);
  const batch = [1, epoch, network.statements(epoch), lines] as const;
  const [byOwner, byMeter, guilty, innocent, undecided] = projectIds;
  if (!byOwner || !byMeter || !guilty || !innocent || !undecided) throw new Error("too few projects");

  await note("release by the owner", settlement.write.release([...batch, 0n, "0x"]));
  await projects.write.setMeter([byMeter, other.account.address]);
  const signature = await other.signTypedData({
    domain: { name: "worker3", version: "1", chainId, verifyingContract: settlement.address },
    types: {
      Release: [
        { name: "projectId", type: "uint64" },
        { name: "nodeId", type: "uint32" },
        { name: "epoch", type: "uint32" },
        { name: "amount", type: "uint64" },
      ],
    },
    primaryType: "Release",
    message: { projectId: byMeter, nodeId: 1, epoch, amount: amountOf(lines, 1) },
  });
  const relayed = settlement.write.release([...batch, 1n, signature], { account: arbiter.account });
  await note("release by the meter's signature", relayed);

  await note("dispute", settlement.write.dispute([...batch, 2n, BOND, "not served"]));
  await settlement.write.dispute([...batch, 3n, BOND, "not served"]);
  await settlement.write.dispute([...batch, 4n, BOND, "not served"]);
  const decide = (projectId: bigint, slash: bigint) =>
    settlement.write.decide([projectId, 1, epoch, slash !== 0n, slash, slash / 2n], {
      account: arbiter.account,
    });
  const extended = settlement.write.extend([undecided, 1, epoch], { account: arbiter.account });
  await note("extend", extended);
  await note("decide, guilty with a slash", decide(guilty, 1_000_000n));
  await note("decide, innocent", decide(innocent, 0n));
  await network.moveToEpoch(epoch + 30);

  const claim = (which: readonly number[]) => settlement.write.claim([1, which]);
  await note("claim of 7 epochs, first", claim(epochs.slice(0, CLAIMED_EPOCHS)));
  await note("claim of 7 epochs, steady", claim(epochs.slice(CLAIMED_EPOCHS)), { goal: 86_000 });
  await note("draw of an undecided dispute", settlement.write.draw([undecided, 1, epoch]));
  await note("collectRefund", escrow.write.collectRefund([wallet.account.address]));
  await note("collectFees", escrow.write.collectFees({ account: wallet.account }));
  return projectIds;
}

/** A line is a receipt of 32 bytes and its amount in 8. */
const amountOf = (lines: Hex, index: number): bigint =>
  BigInt(`0x${lines.slice(2 + 80 * index + 64, 2 + 80 * (index + 1))}`);
