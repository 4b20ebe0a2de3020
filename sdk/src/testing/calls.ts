/**
 * Calls that no part of the product makes, and that tests make for whoever does: the arbiter, the guardian, the holders
 * of other roles, who use an explorer or a wallet of their own.
 */
import type { Address, Hash } from "viem";
import { asset, creditEscrow, nodeRegistry, projectRegistry, usageSettlement } from "../abi/contracts.ts";
import { defineView, defineWrite } from "../contracts/define.ts";
import type { ReceiptKey } from "../contracts/settlement/disputes.ts";
import { priceList } from "../contracts/settlement/epochs.ts";
import type { Usage } from "../protocol/amountOf.ts";
import type { Prices } from "../protocol/prices.ts";
import { regionMask } from "../protocol/regionMask.ts";
import { regionNumber } from "../protocol/regionNumber.ts";
import type { Region } from "../protocol/regions.ts";
import { encodeLines } from "../receipts/encodeLines.ts";
import type { Line } from "../receipts/receipt.ts";

/** Makes some of the asset out of nothing: the mock lets everyone. */
export const mint = defineWrite({
  contract: asset,
  functionName: "mint",
  args: ({ to, amount }: { readonly to: Address; readonly amount: bigint }) => [to, amount],
});

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
  result: Number,
});

/** Sets how `refill` works. For the project's owner. */
export const setRefill = defineWrite({
  contract: projectRegistry,
  functionName: "setRefill",
  args: ({
    projectId,
    regions,
    pinHome,
  }: {
    readonly projectId: bigint;
    readonly regions: readonly Region[];
    readonly pinHome: boolean;
  }) => [projectId, regionMask(regions), pinHome],
});

/** Sets the key whose signature releases receipts early. For the project's owner. */
export const setMeter = defineWrite({
  contract: projectRegistry,
  functionName: "setMeter",
  args: ({ projectId, meter }: { readonly projectId: bigint; readonly meter: Address }) => [projectId, meter],
});

export interface Decision extends ReceiptKey {
  readonly guilty: boolean;
  /** 0 for an innocent node. */
  readonly slash: bigint;
  /** Of the slash, for the disputer: at most half. */
  readonly reward: bigint;
}

/** Decides a dispute; what exceeds a bound is cut to it. For the arbiter. */
export const decide = defineWrite({
  contract: usageSettlement,
  functionName: "decide",
  args: ({ projectId, nodeId, epoch, guilty, slash, reward }: Decision) => [
    projectId,
    nodeId,
    epoch,
    guilty,
    slash,
    reward,
  ],
  result(events) {
    const { slashed, reward } = events.last("Decided");
    return { slashed, reward };
  },
});

/** Takes more time for a decision, once. For the arbiter. */
export const extend = defineWrite({
  contract: usageSettlement,
  functionName: "extend",
  args: ({ projectId, nodeId, epoch }: ReceiptKey) => [projectId, nodeId, epoch],
  result: (events) => ({ lastEpoch: events.last("Extended").lastEpoch }),
});

/** Keeps the arbiter from deciding. For the guardian. */
export const suspendDecisions = defineWrite({
  contract: usageSettlement,
  functionName: "suspendDecisions",
  result: (events) => ({ untilEpoch: events.last("DecisionsSuspended").untilEpoch }),
});

/** Says where the network moves to. For the admin, after the longest delay. */
export const setSuccessor = defineWrite({
  contract: usageSettlement,
  functionName: "setSuccessor",
  args: ({ successor }: { readonly successor: Address }) => [successor],
});

/** Stops submissions for one epoch. For the guardian. */
export const pauseSubmissions = defineWrite({ contract: usageSettlement, functionName: "pause" });

/** Announces prices. For the access manager, after its delay. */
export const setPrices = defineWrite({
  contract: usageSettlement,
  functionName: "setPrices",
  args: ({ prices }: { readonly prices: Prices }) => [priceList(prices)],
});

/** What a receipt costs, as the contract reckons it; `amountOf` has to say the same. */
export const priceOf = defineView({
  contract: usageSettlement,
  functionName: "priceOf",
  args: ({ epoch, cap, usage }: { readonly epoch: number; readonly cap: bigint; readonly usage: Usage }) => [
    epoch,
    Number(cap),
    usage.requests,
    usage.cpuMs,
    usage.egressKiB,
    usage.storedMiB,
  ],
});

export interface CountedBatch {
  readonly nodeId: number;
  readonly epoch: number;
  readonly statements: Hash;
  readonly lines: readonly Line[];
}

/** Whether a batch with exactly these lines was counted. */
export const isBatch = defineView({
  contract: usageSettlement,
  functionName: "isBatch",
  args: ({ nodeId, epoch, statements, lines }: CountedBatch) => [
    nodeId,
    epoch,
    statements,
    encodeLines(lines),
  ],
});

/** Whether a seat of a project was counted in an epoch; `isSeatCounted` has to say the same. */
export const isCounted = defineView({
  contract: usageSettlement,
  functionName: "isCounted",
  args: ({
    projectId,
    epoch,
    seat,
  }: {
    readonly projectId: bigint;
    readonly epoch: number;
    readonly seat: number;
  }) => [projectId, epoch, seat],
});
