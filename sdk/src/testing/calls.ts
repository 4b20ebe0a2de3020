/**
 * Calls that no part of the product makes, and that tests make for whoever does: the arbiter, the guardian, the holders
 * of other roles, who use an explorer or a wallet of their own.
 */
import type { Address } from "viem";
import { asset, creditEscrow } from "../abi/contracts.ts";
import { defineView, defineWrite } from "../contracts/define.ts";

/** Sends some of the caller's asset. */
export const transfer = defineWrite({
  contract: asset,
  functionName: "transfer",
  args: ({ to, amount }: { readonly to: Address; readonly amount: bigint }) => [to, amount],
});

/** Pays the fees so far to the fee receiver. Anyone may. */
export const collectFees = defineWrite({
  contract: creditEscrow,
  functionName: "collectFees",
  result: (events) => ({ amount: events.last("FeesCollected").amount }),
});

/** What was charged or bonded and has not left yet, without fees. */
export const held = defineView({ contract: creditEscrow, functionName: "held" });
