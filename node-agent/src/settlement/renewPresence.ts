import { encodeCall, nodes } from "@worker3/sdk";
import { duePresence } from "./duePresence.ts";
import { enqueueOnce, isFree, isOnItsWay } from "./enqueueOnce.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/** Says on chain that the node lives, and which new seats it takes, well before that ends; the same once an epoch at most. */
export function renewPresence(parts: SettlementParts, { headEpoch }: Moment, nowMs: number): void {
  const { view, settings } = parts;
  const { epochs, isFull } = settings.presence;
  const due = duePresence({
    headEpoch,
    said: view.presence(),
    epochs,
    leastCap: isFull ? nodes.FULL : settings.presence.leastCap,
    isFull,
    hasSeats: isFull && [headEpoch, headEpoch + 1].some((epoch) => view.seatsIn(epoch).length > 0),
    isRetired: view.isRetiredForGood(headEpoch),
  });
  if (due === undefined) return;
  const reference = `present:${headEpoch}:${due.leastCap}`;
  if (isOnItsWay(parts, "present:") || !isFree(parts, reference, nowMs)) return;
  const call = nodes.setPresence.call(view, { nodeId: view.nodeId, ...due });
  enqueueOnce(parts, { reference, ...encodeCall(call) });
}
