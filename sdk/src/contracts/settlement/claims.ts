import { usageSettlement } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

/** Epochs of a node. */
export interface NodeEpochs {
  readonly nodeId: number;
  readonly epochs: readonly number[];
}

export interface Pending {
  readonly amount: bigint;
  /** The network's share, in 1/10000. */
  readonly feeBps: number;
}

/**
 * What was counted for a node in an epoch and is neither released, disputed nor paid, in base units; and the fee
 * on it.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const pending = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "pending",
  args: ({ nodeId, epoch }: { readonly nodeId: number; readonly epoch: number }) => [nodeId, epoch],
  result: ([amount, feeBps]): Pending => ({ amount, feeBps }),
});

export interface Payable {
  /** The node's share. */
  readonly amount: bigint;
  /** The network's. */
  readonly fee: bigint;
}

/**
 * What is payable to a node already, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const payableOf = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "payableOf",
  args: ({ nodeId }: { readonly nodeId: number }) => [nodeId],
  result: ([amount, fee]): Payable => ({ amount, fee }),
});

export interface Claimable {
  /** To the node's owner. */
  readonly paid: bigint;
  /** To the network. */
  readonly fee: bigint;
}

/**
 * What `claim` with these epochs would pay now, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const claimable = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "claimable",
  args: ({ nodeId, epochs }: NodeEpochs) => [nodeId, epochs],
  result: ([paid, fee]): Claimable => ({ paid, fee }),
});

export interface Claimed {
  /** Those whose buckets were paid. */
  readonly epochs: readonly number[];
  /** To the owner, in base units. */
  readonly paid: bigint;
  /** To the network. */
  readonly fee: bigint;
}

/**
 * Pays the node's owner what matured of some epochs and what is payable; what has not matured is passed over.
 * Anyone may.
 *
 * @throws `NOTHING_TO_CLAIM`, `UNKNOWN_NODE`, or what every write throws, see `sendCall`.
 */
export const claim = /* @__PURE__ */ defineWrite({
  contract: usageSettlement,
  functionName: "claim",
  args: ({ nodeId, epochs }: NodeEpochs) => [nodeId, epochs],
  result(events): Claimed {
    const { epochs, paid, fee } = events.last("Claimed");
    return { epochs, paid, fee };
  },
});
