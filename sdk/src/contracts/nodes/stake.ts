import { nodeRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

/** The node whose stake it is. */
interface OfNode {
  readonly nodeId: number;
}

/**
 * The least stake of a new node, and what may leave without retiring it, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const minStake = /* @__PURE__ */ defineView({ contract: nodeRegistry, functionName: "minStake" });

/**
 * How many times its cap a seat needs of stake that does not thaw.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const seatStakeFactor = /* @__PURE__ */ defineView({
  contract: nodeRegistry,
  functionName: "seatStakeFactor",
});

export interface UnstakeAmount extends OfNode {
  /** Base units. */
  readonly amount: bigint;
}

export interface StakeAmount extends OfNode {
  /** Base units, approved to the node registry before. */
  readonly amount: bigint;
}

export interface StakeAdded {
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly stake: bigint;
}

/**
 * Adds to a node's stake. Where a slash left it less than the least stake, enough of it takes the retirement back until that
 * counts. Anyone may.
 *
 * @throws `UNKNOWN_NODE`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see `sendCall`.
 */
export const addStake = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "addStake",
  args: ({ nodeId, amount }: StakeAmount) => [nodeId, amount],
  result(events): StakeAdded {
    const { amount, stake } = events.last("StakeAdded");
    return { amount, stake };
  },
});

export interface UnstakeRequested {
  /** What leaves, in base units. */
  readonly thawing: bigint;
  /** See `stakeWindow` for when it leaves. */
  readonly thawEpoch: number;
}

/**
 * Asks stake back; replaces an earlier request and restarts its time. If less than the least stake would stay, the
 * node retires: the current epoch is its last. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `UNSTAKE_OUT_OF_RANGE`, or what every write throws, see `sendCall`.
 */
export const requestUnstake = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "requestUnstake",
  args: ({ nodeId, amount }: UnstakeAmount) => [nodeId, amount],
  result(events): UnstakeRequested {
    const { thawing, thawEpoch } = events.last("UnstakeRequested");
    return { thawing, thawEpoch };
  },
});

/**
 * Takes the request for stake back. A retired node stays retired. For the owner.
 *
 * @throws `NOT_NODE_OWNER`, `NO_STAKE_THAWS`, or what every write throws, see `sendCall`.
 */
export const cancelUnstake = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "cancelUnstake",
  args: ({ nodeId }: OfNode) => [nodeId],
});

export interface StakeWithdrawn {
  /** What was paid, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly stake: bigint;
}

/**
 * Pays what was asked back to the owner, once `now > thawEpoch + stakeThaw`; less, if it was slashed.
 *
 * @throws `NOT_NODE_OWNER`, `NO_STAKE_THAWS`, `STAKE_STILL_THAWS`, or what every write throws, see `sendCall`.
 */
export const withdrawStake = /* @__PURE__ */ defineWrite({
  contract: nodeRegistry,
  functionName: "withdrawStake",
  args: ({ nodeId }: OfNode) => [nodeId],
  result(events): StakeWithdrawn {
    const { amount, stake } = events.last("StakeWithdrawn");
    return { amount, stake };
  },
});
