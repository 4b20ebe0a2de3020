import {
  type Address,
  concatHex,
  encodePacked,
  getAddress,
  type Hex,
  keccak256,
  maxUint256,
  sliceHex,
  toHex,
} from "viem";
import { packTerms } from "../../../sdk/src/protocol/terms.ts";
import { connection, type deployNetwork, networkHelpers } from "./network.ts";

export type Network = Awaited<ReturnType<typeof deployNetwork>>;
export type Wallet = Network["owner"];

/** One USD in base units. */
export const USD = 1_000_000n;
/** All nine regions. */
export const ALL_REGIONS = 0x1ff;

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** The digest that stands for `content` in these tests. */
export const digestOf = (content: string): Hex => keccak256(toHex(content));

/** The CID text with `digest`, by plain base32 arithmetic. */
export function cidWith(digest: Hex): string {
  const bits = (0x01701220n << 258n) | (BigInt(digest) << 2n);
  let text = "b";
  for (let shift = 285n; shift >= 0n; shift -= 5n) text += BASE32[Number((bits >> shift) & 31n)];
  return text;
}

/** A CID for `content`. */
export const cidOf = (content: string): string => cidWith(digestOf(content));

/** A name of the zone. */
export const zoneName = (label: string): string => `${label}.worker3.localhost`;

/** The current epoch, by the latest block. */
export async function currentEpoch({ network }: Network): Promise<number> {
  const genesis = Date.parse(network.genesis) / 1000;
  return Math.floor(((await networkHelpers.time.latest()) - genesis) / network.epochSeconds);
}

/** Moves the chain to the first second of `epoch`. */
export async function moveToEpoch({ network }: Network, epoch: number): Promise<void> {
  await networkHelpers.time.increaseTo(Date.parse(network.genesis) / 1000 + epoch * network.epochSeconds);
}

/** Moves the chain `ahead` epochs on; returns the epoch it is in then. */
export async function nextEpoch(network: Network, ahead = 1): Promise<number> {
  const epoch = (await currentEpoch(network)) + ahead;
  await moveToEpoch(network, epoch);
  return epoch;
}

/** Gives `wallet` tokens and lets both contracts that hold tokens take them. */
export async function fundWallet(
  { usd, nodes, escrow }: Network,
  wallet: Wallet,
  amount: bigint,
): Promise<void> {
  await usd.write.mint([wallet.account.address, amount]);
  await usd.write.approve([nodes.address, maxUint256], { account: wallet.account });
  await usd.write.approve([escrow.address, maxUint256], { account: wallet.account });
}

/** `leastCap` of a node that is full. */
export const FULL = 2 ** 40 - 1;

/** Registers a node that is present and takes projects of any cap, unless told otherwise; returns its id. */
export async function registerNode(
  network: Network,
  options: {
    owner?: Wallet;
    operator?: Address;
    region?: number;
    stake?: bigint;
    endpoint?: string;
    /** Whether it says that it lives; it does unless told otherwise. */
    present?: boolean;
    /** The least cap for which it takes new seats; any by default. */
    leastCap?: number;
  } = {},
): Promise<number> {
  const { nodes } = network;
  const owner = options.owner ?? network.nodeOwner1;
  const stake = options.stake ?? 12_000n * USD; // enough for a seat of the highest cap
  const operator = options.operator ?? network.operator1.account.address;
  await fundWallet(network, owner, stake);
  await nodes.write.register(
    [operator, options.region ?? 3, options.endpoint ?? "https://node.example.org", stake],
    { account: owner.account },
  );
  const nodeId = await nodes.read.nodeCount();
  if (options.present ?? true) {
    const until = (await currentEpoch(network)) + 30;
    await nodes.write.setPresence([nodeId, until, options.leastCap ?? 0], { account: owner.account });
  }
  return nodeId;
}

/** Creates a project of `owner` on named nodes, with credit; returns its id. */
export async function createProject(
  network: Network,
  options: { owner?: Wallet; domain?: string; nodeIds: number[]; cap?: bigint; credit?: bigint },
): Promise<bigint> {
  const { projects, escrow } = network;
  const owner = options.owner ?? network.owner;
  const count = await projects.read.projectCount();
  const domain = options.domain ?? zoneName(`project-${count + 1n}`);
  const cap = Number(options.cap ?? USD);
  await projects.write.createProjectOn([domain, options.nodeIds, cap], { account: owner.account });
  const projectId = count + 1n;
  if (options.credit !== 0n) {
    const credit = options.credit ?? 1_000n * USD;
    await fundWallet(network, owner, credit);
    await escrow.write.deposit([projectId, credit], { account: owner.account });
  }
  return projectId;
}

export interface ReceiptInput {
  projectId: bigint;
  requests?: bigint;
  cpuMs?: bigint;
  egressKiB?: bigint;
  storedMiB?: bigint;
}

/** 32 bytes a receipt, by viem's packing: the other side of the contract's reading. */
export const encodeReceipts = (receipts: readonly ReceiptInput[]): Hex =>
  concatHex(
    receipts.map(({ projectId, requests = 0n, cpuMs = 0n, egressKiB = 0n, storedMiB = 0n }) =>
      encodePacked(
        ["uint64", "uint56", "uint48", "uint48", "uint40"],
        [projectId, requests, Number(cpuMs), Number(egressKiB), Number(storedMiB)],
      ),
    ),
  );

/** 40 bytes a line. */
export const encodeLines = (lines: readonly (ReceiptInput & { amount: bigint })[]): Hex =>
  lines.length === 0
    ? "0x"
    : concatHex(
        lines.map((line) => concatHex([encodeReceipts([line]), encodePacked(["uint64"], [line.amount])])),
      );

export const USAGE_BATCH = [
  { name: "nodeId", type: "uint32" },
  { name: "epoch", type: "uint32" },
  { name: "statements", type: "bytes32" },
  { name: "receipts", type: "bytes" },
] as const;

export const RELEASE = [
  { name: "projectId", type: "uint64" },
  { name: "nodeId", type: "uint32" },
  { name: "epoch", type: "uint32" },
  { name: "amount", type: "uint64" },
] as const;

/** The EIP-712 domain of the settlement. */
export const settlementDomain = ({ settlement, network }: Network) => ({
  name: "worker3",
  version: "1",
  chainId: network.chainId,
  verifyingContract: settlement.address,
});

export interface Batch {
  nodeId: number;
  epoch: number;
  statements: Hex;
  receipts: Hex;
  signature: Hex;
}

/** A batch signed by `operator`. */
export async function signBatch(
  network: Network,
  options: {
    nodeId: number;
    epoch: number;
    receipts: readonly ReceiptInput[];
    operator?: Wallet;
    statements?: Hex;
  },
): Promise<Batch> {
  const operator = options.operator ?? network.operator1;
  const { nodeId, epoch } = options;
  const statements = options.statements ?? keccak256(toHex(`statements of ${nodeId} in ${epoch}`));
  const receipts = encodeReceipts(options.receipts);
  const signature = await operator.signTypedData({
    domain: settlementDomain(network),
    types: { UsageBatch: USAGE_BATCH },
    primaryType: "UsageBatch",
    message: { nodeId, epoch, statements, receipts },
  });
  return { nodeId, epoch, statements, receipts, signature };
}

/** Submits a batch from the stranger's account; returns the transaction. */
export const submitBatch = ({ settlement, stranger }: Network, batch: Batch): Promise<Hex> =>
  settlement.write.submit([batch.nodeId, batch.epoch, batch.statements, batch.receipts, batch.signature], {
    account: stranger.account,
  });

/** Signs and submits, and gives back what `release` and `dispute` need: the lines that were counted. */
export async function submitUsage(
  network: Network,
  options: Parameters<typeof signBatch>[1],
): Promise<{ statements: Hex; lines: Hex; hash: Hex }> {
  const batch = await signBatch(network, options);
  const hash = await submitBatch(network, batch);
  const [counted] = await network.settlement.getEvents.BatchCounted(
    { nodeId: options.nodeId, epoch: options.epoch },
    { blockHash: (await network.publicClient.getTransactionReceipt({ hash })).blockHash },
  );
  if (!counted?.args.lines) throw new Error("the batch counted nothing");
  return { statements: batch.statements, lines: counted.args.lines, hash };
}

/** The amount of line `index`. */
export const lineAmount = (lines: Hex, index = 0): bigint =>
  BigInt(sliceHex(lines, index * 40 + 32, index * 40 + 40));

export const { assertions } = connection.viem;

/** The address of `wallet` as the contracts give it back: with its checksum. */
export const addressOf = (wallet: Wallet): Address => getAddress(wallet.account.address);

/** The word of terms with these nodes in their seats, 0 for an empty one. */
export const termsOf = (nodeIds: readonly number[], cap: number | bigint = 0): bigint =>
  packTerms({ nodeIds, cap: BigInt(cap), fromEpoch: 0 });
