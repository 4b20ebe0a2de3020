import type { Address, Hash, Hex } from "viem";
import { usageSettlement } from "../../abi/contracts.ts";
import { encodeLines } from "../../receipts/encodeLines.ts";
import type { Line } from "../../receipts/receipt.ts";
import { defineView, defineWrite } from "../define.ts";

/** What became of a counted receipt, in the order of the contract's enum. `Settled`: a dispute was decided or drawn. */
export const STATUSES = ["Untouched", "Released", "Disputed", "Settled"] as const;

export type Status = (typeof STATUSES)[number];

/** Which receipt: a project was served by one node in one epoch. */
export interface ReceiptKey {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
}

/** A dispute. Amounts in base units. */
export interface Dispute {
  /** The epoch of the dispute, see `disputeWindow`. */
  readonly openedIn: number;
  /** Whether the arbiter took `decide` epochs more. */
  readonly extended: boolean;
  readonly disputer: Address;
  readonly bond: bigint;
  /** What the receipt was charged. */
  readonly amount: bigint;
  /** The network's share of it, in 1/10000. */
  readonly feeBps: number;
  /** Which batch the receipt is in, see `batchHash`. */
  readonly batchHash: Hash;
}

export interface StatusOf {
  readonly status: Status;
  /** Undefined where the receipt was never disputed. */
  readonly dispute: Dispute | undefined;
}

/**
 * What became of the counted receipt of a node for a project in an epoch, with its dispute if it had one.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const statusOf = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "statusOf",
  args: ({ projectId, nodeId, epoch }: ReceiptKey) => [projectId, nodeId, epoch],
  result({ status: number, ...dispute }): StatusOf {
    const status = STATUSES[number];
    if (status === undefined) throw new RangeError(`there is no status ${number}`);
    return { status, dispute: status === "Disputed" || status === "Settled" ? dispute : undefined };
  },
});

/** A counted receipt as the chain proves it: its batch, and its place in it. */
export interface ReceiptProof {
  readonly nodeId: number;
  readonly epoch: number;
  /** As `BatchCounted` has them. */
  readonly statements: Hash;
  /** All lines of the batch, as `BatchCounted` has them. */
  readonly lines: readonly Line[] | Hex;
  /** Which line, from 0. */
  readonly index: number;
}

function proofOf({ nodeId, epoch, statements, lines, index }: ReceiptProof) {
  const bytes = typeof lines === "string" ? lines : encodeLines(lines);
  return [nodeId, epoch, statements, bytes, BigInt(index)] as const;
}

export interface Release extends ReceiptProof {
  /** The meter's, see `signRelease`; absent when the owner calls. */
  readonly signature?: Hex | undefined;
}

export interface Released {
  readonly projectId: bigint;
  /** What the receipt was charged, in base units. */
  readonly amount: bigint;
}

/**
 * Accepts a counted receipt early: it is payable at once and can no longer be disputed. For the project's owner, or
 * anyone with the signature of its meter.
 *
 * @throws `NOT_RELEASABLE`, `UNKNOWN_BATCH`, `NO_SUCH_LINE`, `WINDOW_CLOSED`, `ALREADY_TOUCHED`, or what every write
 *   throws, see `sendCall`.
 */
export const release = /* @__PURE__ */ defineWrite({
  contract: usageSettlement,
  functionName: "release",
  args: ({ signature = "0x", ...receipt }: Release) => [...proofOf(receipt), signature],
  result(events): Released {
    const { projectId, amount } = events.last("Released");
    return { projectId, amount };
  },
});

export interface Complaint extends ReceiptProof {
  /** What is wrong, for the arbiter. */
  readonly reason: string;
  /** The most that the caller gives as bond, in base units: `minBond` may have risen. */
  readonly maxBond: bigint;
}

export interface Disputed {
  readonly projectId: bigint;
  /** What the receipt was charged, in base units. */
  readonly amount: bigint;
  /** What was taken as bond, in base units. */
  readonly bond: bigint;
}

/**
 * Disputes a counted receipt: its amount is frozen until the arbiter decides. Takes a bond of the larger of `minBond` and
 * the amount, approved to the escrow before. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `UNKNOWN_BATCH`, `NO_SUCH_LINE`, `WINDOW_CLOSED`, `ALREADY_TOUCHED`,
 *   `BOND_ABOVE_MOST`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see `sendCall`.
 */
export const dispute = /* @__PURE__ */ defineWrite({
  contract: usageSettlement,
  functionName: "dispute",
  args: ({ reason, maxBond, ...receipt }: Complaint) => [...proofOf(receipt), maxBond, reason],
  result(events): Disputed {
    const { projectId, amount, bond } = events.last("Disputed");
    return { projectId, amount, bond };
  },
});

/**
 * Ends a dispute that was not decided in time: the amount goes to the node, the bond to the disputer. Anyone may.
 *
 * @throws `NOT_DISPUTED`, `DRAW_TOO_EARLY`, or what every write throws, see `sendCall`.
 */
export const draw = /* @__PURE__ */ defineWrite({
  contract: usageSettlement,
  functionName: "draw",
  args: ({ projectId, nodeId, epoch }: ReceiptKey) => [projectId, nodeId, epoch],
});
