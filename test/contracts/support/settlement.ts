import { encodePacked, type Hex, keccak256 } from "viem";
import { deployNetwork } from "./network.ts";
import {
  addressOf,
  createProject,
  fundWallet,
  lineAmount,
  type Network,
  nextEpoch,
  RELEASE,
  registerNode,
  settlementDomain,
  submitUsage,
  USD,
  type Wallet,
} from "./scenario.ts";

/** In the first second of `epoch`, in which the first of two nodes serves a project with plenty of credit. */
export async function serving() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const otherNodeId = await registerNode(t, {
    owner: t.nodeOwner2,
    operator: addressOf(t.operator2),
    endpoint: "https://other.example.org",
  });
  const projectId = await createProject(t, { nodeIds: [nodeId] });
  const epoch = await nextEpoch(t);
  return { ...t, nodeId, otherNodeId, projectId, epoch };
}
export type Serving = Awaited<ReturnType<typeof serving>>;

/** What the receipt of `counted` costs: 1,000 base and 100,001.00 for its CPU time; 5% of it are no whole number. */
export const AMOUNT = 101_001n;
/** 5,050.05, rounded up. */
export const FEE = 5_051n;
export const CPU_MS = 5_000_050n;

/** The most that a receipt can say of each kind of usage. */
export const MOST_USAGE = {
  requests: 2n ** 56n - 1n,
  cpuMs: 2n ** 48n - 1n,
  egressKiB: 2n ** 48n - 1n,
  storedMiB: 2n ** 40n - 1n,
};

/** One epoch later: the receipt is counted. */
export async function counted() {
  const t = await serving();
  await nextEpoch(t);
  const { nodeId, projectId, epoch } = t;
  const receipts = [{ projectId, cpuMs: CPU_MS }];
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts });
  if (lineAmount(lines) !== AMOUNT) throw new Error(`the receipt costs ${lineAmount(lines)}`);
  return { ...t, statements, lines };
}
export type Counted = Awaited<ReturnType<typeof counted>>;

/** The same, and a second project's receipt of 2,000 behind it in the same batch; the owner can pay bonds. */
export async function countedTwo() {
  const t = await serving();
  const secondId = await createProject(t, { nodeIds: [t.nodeId] });
  await nextEpoch(t);
  await fundWallet(t, t.owner, 100n * USD);
  const { nodeId, projectId, epoch } = t;
  const receipts = [
    { projectId, cpuMs: CPU_MS },
    { projectId: secondId, cpuMs: 50_000n },
  ];
  const { statements, lines } = await submitUsage(t, { nodeId, epoch, receipts });
  return { ...t, secondId, statements, lines };
}

/** What the settlement keeps of a batch. */
export const batchHash = (batch: { nodeId: number; epoch: number; statements: Hex; lines: Hex }): Hex =>
  keccak256(
    encodePacked(
      ["uint32", "uint32", "bytes32", "bytes"],
      [batch.nodeId, batch.epoch, batch.statements, batch.lines],
    ),
  );

/** A meter's signature over one counted receipt. */
export const signRelease = (
  t: Network,
  meter: Wallet,
  message: { projectId: bigint; nodeId: number; epoch: number; amount: bigint },
): Promise<Hex> =>
  meter.signTypedData({
    domain: settlementDomain(t),
    types: { Release: RELEASE },
    primaryType: "Release",
    message,
  });

/** The receipts that a transaction skipped, in order: project and reason. */
export async function skippedIn({ settlement, publicClient }: Network, hash: Hex) {
  const { blockHash } = await publicClient.getTransactionReceipt({ hash });
  const events = await settlement.getEvents.ReceiptSkipped({}, { blockHash });
  return events.map(({ args }) => [args.projectId, args.reason]);
}

/** Why a receipt is skipped, as `ReceiptSkipped` says it. */
export const SKIPPED = { noSeat: 0, alreadyCounted: 1, tooLittleCredit: 2 } as const;

/** What became of a counted receipt, as `statusOf` says it. */
export const STATUS = { untouched: 0, released: 1, disputed: 2, settled: 3 } as const;
