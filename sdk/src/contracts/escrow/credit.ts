import type { Address } from "viem";
import { creditEscrow } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

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
  /** The epoch of the last deposit or refund. */
  readonly raisedAt: number;
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
 * may still be submitted and is not counted yet. Seats of nodes that were retired then are none. Never below 0.
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
 * For how long the available credit pays the whole budget, the larger of this epoch's and the next one's; undefined when nothing
 * is charged.
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

export interface WithdrawRequested {
  /** What leaves, in base units. */
  readonly thawing: bigint;
  /** See `creditWindow` for when it leaves. */
  readonly thawEpoch: number;
}

/**
 * Asks credit back; replaces an earlier request and restarts its time. For the project's owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `WITHDRAW_OUT_OF_RANGE`, or what every write throws, see `sendCall`.
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
 * @throws `NOT_PROJECT_OWNER`, `NO_CREDIT_THAWS`, or what every write throws, see `sendCall`.
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
 * @throws `NOT_PROJECT_OWNER`, `NO_CREDIT_THAWS`, `CREDIT_STILL_THAWS`, or what every write throws, see `sendCall`.
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
 * Pays what disputes left to the caller: bonds that came back, and shares of slashes.
 *
 * @throws `NOTHING_OWED`, or what every write throws, see `sendCall`.
 */
export const collectRefund = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "collectRefund",
  args: ({ to }: { /** Who receives it. */ readonly to: Address }) => [to],
  result: (events): RefundCollected => ({ amount: events.last("RefundCollected").amount }),
});
