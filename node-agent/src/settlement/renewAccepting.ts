import { nodeRegistryAbi } from "@worker3/sdk";
import { encodeFunctionData } from "viem";
import { dueAccepting } from "./dueAccepting.ts";
import { enqueueOnce, isFree, isOnItsWay } from "./enqueueOnce.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/** Says on chain until when the node takes new projects, well before that ends; once an epoch at most. */
export function renewAccepting(parts: SettlementParts, { headEpoch }: Moment, nowMs: number): void {
  const { view, settings } = parts;
  const untilEpoch = dueAccepting({
    headEpoch,
    acceptingUntil: view.acceptingUntil(),
    acceptEpochs: settings.acceptEpochs,
    isRetired: view.isRetiredIn(headEpoch),
  });
  const reference = `accept:${headEpoch}`;
  if (untilEpoch === undefined || isOnItsWay(parts, "accept:") || !isFree(parts, reference, nowMs)) return;
  const data = encodeFunctionData({
    abi: nodeRegistryAbi,
    functionName: "setAccepting",
    args: [view.nodeId, untilEpoch],
  });
  const to = view.network.contracts.nodeRegistry;
  enqueueOnce(parts, { reference, to, data });
}
