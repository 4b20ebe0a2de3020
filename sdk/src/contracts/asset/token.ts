import type { Address } from "viem";
import { asset } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

/**
 * What an account holds of the asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const balanceOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "balanceOf",
  args: ({ who }: { readonly who: Address }) => [who],
});

/**
 * What `spender` may take of an account's asset, in base units.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export const allowanceOf = /* @__PURE__ */ defineView({
  contract: asset,
  functionName: "allowance",
  args: ({ owner, spender }: { readonly owner: Address; readonly spender: Address }) => [owner, spender],
});

export interface Approval {
  readonly spender: Address;
  /** Base units. */
  readonly amount: bigint;
}

/**
 * Lets a contract take some of the caller's asset: the node registry for stakes, the escrow for credit and bonds.
 * Replaces what was allowed before.
 *
 * @throws What every write throws, see `sendCall`.
 */
export const approve = /* @__PURE__ */ defineWrite({
  contract: asset,
  functionName: "approve",
  args: ({ spender, amount }: Approval) => [spender, amount],
});
