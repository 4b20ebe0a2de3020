import { projectRegistry } from "../../abi/contracts.ts";
import type { Terms } from "../../protocol/terms.ts";
import { defineView, defineWrite } from "../define.ts";

export interface TermsSet {
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

export interface Replicas {
  readonly projectId: bigint;
  /** 1 to 8 different nodes; those without a seat have to take projects with this cap and to have the stake for it. */
  readonly nodeIds: readonly number[];
}

/**
 * Names the nodes of a project by hand, from the next epoch on; the first is the home. Nobody refills their seats, unless the
 * owner called `setRefill` since they were last drawn. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `SEAT_COUNT_OUT_OF_RANGE`, `NODE_SEATED_TWICE`, `NODE_RETIRED`, `NODE_ABSENT`,
 *   `CAP_BELOW_LEAST`, `STAKE_TOO_SMALL_FOR_CAP`, `UNKNOWN_NODE`, or what every write throws, see `sendCall`.
 */
export const setReplicas = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "setReplicas",
  args: ({ projectId, nodeIds }: Replicas) => [projectId, nodeIds],
  result: (events): TermsSet => ({ fromEpoch: events.last("TermsSet").fromEpoch }),
});

export interface Budget {
  readonly projectId: bigint;
  /** Base units. */
  readonly cap: bigint;
}

/**
 * Sets what one seat may charge in one epoch, from the next epoch on. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `CAP_OUT_OF_BOUNDS`, `STAKE_TOO_SMALL_FOR_CAP`, or what every write throws, see `sendCall`.
 */
export const setBudget = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "setBudget",
  args: ({ projectId, cap }: Budget) => [projectId, Number(cap)],
  result: (events): TermsSet => ({ fromEpoch: events.last("TermsSet").fromEpoch }),
});

export interface Growth {
  readonly projectId: bigint;
  /** What one seat may charge in one epoch, in base units; not lower than it is. The present one changes nothing. */
  readonly cap: bigint;
  /** Nodes for the empty seats behind the home, in order; none is possible. */
  readonly nodeIds: readonly number[];
}

/**
 * Gives a project more from the current epoch on: a higher cap, and nodes in empty seats. Terms that are set for the next epoch
 * get the same, where they leave room for it. For the owner, with credit for the budget of the epoch as it will be.
 *
 * @throws `NOT_PROJECT_OWNER`, `CAP_WOULD_SHRINK`, `CAP_OUT_OF_BOUNDS`, `NO_EMPTY_SEAT`, `NODE_SEATED_TWICE`, `NODE_ABSENT`,
 *   `CAP_BELOW_LEAST`, `STAKE_TOO_SMALL_FOR_CAP`, `TOO_LITTLE_AVAILABLE`, or what every write throws, see `sendCall`.
 */
export const grow = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "grow",
  args: ({ projectId, cap, nodeIds }: Growth) => [projectId, Number(cap), nodeIds],
  result: (events): TermsSet => ({ fromEpoch: events.all("TermsSet")[0]?.fromEpoch ?? 0 }),
});

/**
 * The terms by which usage of an epoch is judged; no nodes and cap 0 where the project had none yet.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const termsAt = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "termsAt",
  args: ({ projectId, epoch }: { readonly projectId: bigint; readonly epoch: number }) => [projectId, epoch],
  result: ([nodeIds, cap, fromEpoch]): Terms => ({ nodeIds, cap: BigInt(cap), fromEpoch }),
});

/**
 * The terms words of many projects for one epoch, see `unpackTerms`; 0 for a project that has none.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const termsWords = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "termsWords",
  args: ({ projectIds, epoch }: { readonly projectIds: readonly bigint[]; readonly epoch: number }) => [
    projectIds,
    epoch,
  ],
  alone: true,
});

/**
 * The cap of a project that `deploy` creates, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const defaultCap = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "defaultCap",
  result: (cap) => BigInt(cap),
});

/**
 * The highest cap, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const maxCap = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "maxCap",
  result: (cap) => BigInt(cap),
});
