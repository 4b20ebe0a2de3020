import type { OutboxCall } from "../chain/outbox/createOutbox.ts";
import { restMs } from "./batchStep.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/** Whether a call may be enqueued now: there is none with its reference, or it failed and had its rest. */
export function isFree(
  { outbox, view }: Pick<SettlementParts, "outbox" | "view">,
  reference: string,
  nowMs: number,
): boolean {
  const known = outbox.find(reference);
  if (known === undefined) return true;
  return known.state === "failed" && nowMs - known.changedMs >= restMs(view.network.times.epochSeconds);
}

/** Enqueues a call; one with the same reference takes the place of one that failed, and of no other. */
export function enqueueOnce({ outbox }: Pick<SettlementParts, "outbox">, call: OutboxCall): void {
  outbox.enqueue(call);
  outbox.retry(call);
}

/** Whether a transaction whose reference begins so may still be mined, or is mined and not final. */
export function isOnItsWay({ outbox }: Pick<SettlementParts, "outbox">, prefix: string): boolean {
  return outbox.list(prefix).some(({ state }) => state !== "final" && state !== "failed");
}
