import type { Address } from "viem";
import { creditEscrow } from "../abi/contracts.ts";
import type { Permit } from "./asset/permit.ts";
import { type CallEvents, defineView, defineWrite } from "./define.ts";

/** The project whose credit it is. */
interface OfProject {
  readonly projectId: bigint;
}

interface Amount extends OfProject {
  /** Base units. */
  readonly amount: bigint;
}

export interface CreditAccount {
  /** All of it, including `thawing`, in base units. */
  readonly balance: bigint;
  /** What the owner asked back; charges reach it until it is withdrawn. */
  readonly thawing: bigint;
  /** The epoch in which it was asked back; says nothing while `thawing` is 0. */
  readonly thawEpoch: number;
  /** The epoch in which the balance last fell: since then it was never more than it is now. */
  readonly loweredAt: number;
}

/**
 * A project's credit; all 0 for a project that never had any.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const accountOf = /* @__PURE__ */ defineView({
  contract: creditEscrow,
  functionName: "accountOf",
  args: ({ projectId }: OfProject) => [projectId],
  result: (account): CreditAccount => account,
});

/**
 * What may be counted on, in base units: the balance less what thaws, less the cap for every seat and epoch that
 * may still be submitted and is not counted yet. Never below 0.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const available = /* @__PURE__ */ defineView({
  contract: creditEscrow,
  functionName: "available",
  args: ({ projectId }: OfProject) => [projectId],
});

/** The contract's way to say: for ever. */
const UNLIMITED = (1n << 256n) - 1n;

export interface Runway {
  /** Whole epochs. */
  readonly epochs: bigint;
  /** The same in seconds. */
  readonly runwaySeconds: bigint;
}

/**
 * For how long the available credit pays the whole budget; undefined when nothing is charged.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const runway = /* @__PURE__ */ defineView({
  contract: creditEscrow,
  functionName: "runway",
  args: ({ projectId }: OfProject) => [projectId],
  result: ([epochs, runwaySeconds]): Runway | undefined =>
    epochs === UNLIMITED ? undefined : { epochs, runwaySeconds },
});

export interface Deposited {
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

function deposited(events: CallEvents<"creditEscrow">): Deposited {
  const { amount, balance } = events.last("Deposited");
  return { amount, balance };
}

/**
 * Adds to a project's credit. Anyone may; never touches a thaw. Approved to the escrow before.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
 *   `sendCall`.
 */
export const deposit = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "deposit",
  args: ({ projectId, amount }: Amount) => [projectId, amount],
  result: deposited,
});

export interface PermittedAmount extends OfProject {
  /** Base units, as the permit says. */
  readonly amount: bigint;
  /** See `asset.signPermit`. */
  readonly permit: Permit;
}

/**
 * `deposit` with an EIP-2612 permit in the same call, instead of an `approve` before. A permit that somebody used before
 * does no harm.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE` where the permit did not count, or what
 *   every write throws, see `sendCall`.
 */
export const depositWithPermit = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "depositWithPermit",
  args: ({ projectId, amount, permit: { deadline, v, r, s } }: PermittedAmount) => [
    projectId,
    amount,
    deadline,
    v,
    r,
    s,
  ],
  result: deposited,
});

export interface WithdrawRequested {
  /** What leaves, in base units. */
  readonly thawing: bigint;
  /** See `creditWindow` for when it leaves. */
  readonly thawEpoch: number;
}

/**
 * Asks credit back; replaces an earlier request and restarts its time. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `WITHDRAW_AMOUNT`, or what every write throws, see `sendCall`.
 */
export const requestWithdraw = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "requestWithdraw",
  args: ({ projectId, amount }: Amount) => [projectId, amount],
  result(events): WithdrawRequested {
    const { thawing, thawEpoch } = events.last("WithdrawRequested");
    return { thawing, thawEpoch };
  },
});

/**
 * Takes the request for credit back. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `NOTHING_THAWING`, or what every write throws, see `sendCall`.
 */
export const cancelWithdraw = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "cancelWithdraw",
  args: ({ projectId }: OfProject) => [projectId],
});

export interface Withdrawn {
  /** What was paid, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

/**
 * Pays what was asked back to the owner, once `now > thawEpoch + creditThaw`; less, if charges reached it.
 *
 * @throws `NOT_PROJECT_OWNER`, `NOTHING_THAWING`, `STILL_THAWING`, or what every write throws, see `sendCall`.
 */
export const withdraw = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "withdraw",
  args: ({ projectId }: OfProject) => [projectId],
  result(events): Withdrawn {
    const { amount, balance } = events.last("Withdrawn");
    return { amount, balance };
  },
});

/**
 * What an account may collect, in base units: bonds that came back, and shares of slashes.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const refundOf = /* @__PURE__ */ defineView({
  contract: creditEscrow,
  functionName: "refundOf",
  args: ({ who }: { readonly who: Address }) => [who],
});

export interface RefundCollected {
  /** What was paid, in base units. */
  readonly amount: bigint;
}

/**
 * Pays the caller what disputes left to it: bonds that came back, and shares of slashes.
 *
 * @throws `NOTHING_OWED`, or what every write throws, see `sendCall`.
 */
export const collectRefund = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "collectRefund",
  result: (events): RefundCollected => ({ amount: events.last("RefundCollected").amount }),
});
