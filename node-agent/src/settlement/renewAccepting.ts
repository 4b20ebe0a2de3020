import { encodeCall, nodes } from "@worker3/sdk";
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
    // The contract takes no promise any more in the last epoch either.
    isRetired: view.isRetiring(),
  });
  const reference = `accept:${headEpoch}`;
  if (untilEpoch === undefined || isOnItsWay(parts, "accept:") || !isFree(parts, reference, nowMs)) return;
  const call = nodes.setAccepting.call(view, { nodeId: view.nodeId, untilEpoch });
  enqueueOnce(parts, { reference, ...encodeCall(call) });
}
