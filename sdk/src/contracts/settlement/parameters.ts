import { type Address, zeroAddress } from "viem";
import { usageSettlement } from "../../abi/contracts.ts";
import { defineView } from "../define.ts";

/** What bounds disputes. Amounts in base units. */
export interface DisputeParameters {
  /** The least bond. */
  readonly minBond: bigint;
  /** The most that one decision takes of a stake. */
  readonly maxSlash: bigint;
  /** One decision takes at most `slashFactor` times the receipt's amount, and this. */
  readonly slashFloor: bigint;
  readonly slashFactor: number;
  /** The disputer gets at most this many times the bond. */
  readonly rewardFactor: number;
  /** Who decides; a key or a contract. */
  readonly arbiter: Address;
}

/**
 * What bounds disputes, and who decides them.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const parameters = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "parameters",
  result: (parameters): DisputeParameters => parameters,
});

/**
 * The first epoch in which the arbiter decides again; one that has begun when decisions are not suspended.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const decisionsSuspendedUntil = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "decisionsSuspendedUntil",
});

/**
 * The settlement that the network moves to; undefined while there is none. It changes nothing in this one.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const successor = /* @__PURE__ */ defineView({
  contract: usageSettlement,
  functionName: "successor",
  result: (successor): Address | undefined => (successor === zeroAddress ? undefined : successor),
});
