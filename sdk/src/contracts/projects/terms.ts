import { projectRegistry } from "../../abi/contracts.ts";
import type { Terms } from "../../protocol/terms.ts";
import { defineView, defineWrite } from "../define.ts";

export interface TermsSet {
  /** The first epoch that is judged by the new terms. */
  readonly fromEpoch: number;
}

export interface Replicas {
  readonly projectId: bigint;
  /** 1 to 8 different nodes that are not retired. */
  readonly nodeIds: readonly number[];
}

/**
 * Names the nodes of a project by hand, from the next epoch on; the first is the home. For the owner.
 *
 * @throws `NOT_PROJECT_OWNER`, `SEAT_COUNT`, `SEAT_TWICE`, `NODE_RETIRED`, `UNKNOWN_NODE`, or what every write
 *   throws, see `sendCall`.
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
 * @throws `NOT_PROJECT_OWNER`, `CAP_OUT_OF_BOUNDS`, or what every write throws, see `sendCall`.
 */
export const setBudget = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "setBudget",
  args: ({ projectId, cap }: Budget) => [projectId, Number(cap)],
  result: (events): TermsSet => ({ fromEpoch: events.last("TermsSet").fromEpoch }),
});

/**
 * The larger of what all seats together may charge in the current and in the next epoch, in base units.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export const budgetOf = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "budgetOf",
  args: ({ projectId }: { readonly projectId: bigint }) => [projectId],
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
