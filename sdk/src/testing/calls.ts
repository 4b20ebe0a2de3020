/**
 * Calls that no part of the product makes, and that tests make for whoever does: the arbiter, the guardian, the holders
 * of other roles, who use an explorer or a wallet of their own.
 */
import type { Address } from "viem";
import { asset, creditEscrow, nodeRegistry, projectRegistry } from "../abi/contracts.ts";
import { defineView, defineWrite } from "../contracts/define.ts";
import { regionNumber } from "../protocol/regionNumber.ts";
import type { Region } from "../protocol/regions.ts";

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

/** Sets the agent's key. For the node's owner. */
export const setOperator = defineWrite({
  contract: nodeRegistry,
  functionName: "setOperator",
  args: ({ nodeId, operator }: { readonly nodeId: number; readonly operator: Address }) => [nodeId, operator],
});

/** How many nodes of a region draws look at. */
export const poolSize = defineView({
  contract: nodeRegistry,
  functionName: "poolSize",
  args: ({ region }: { readonly region: Region }) => [regionNumber(region)],
});

/** Sets the key whose signature releases receipts early. For the project's owner. */
export const setMeter = defineWrite({
  contract: projectRegistry,
  functionName: "setMeter",
  args: ({ projectId, meter }: { readonly projectId: bigint; readonly meter: Address }) => [projectId, meter],
});
