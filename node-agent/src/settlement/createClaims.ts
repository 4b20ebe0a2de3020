import { encodeCall, settlement, untilAborted, usageWindow } from "@worker3/sdk";
import { dueClaim } from "./dueClaim.ts";
import { enqueueOnce, isFree, isOnItsWay } from "./enqueueOnce.ts";
import type { Moment } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";

export interface Claims {
  /**
   * Claims what matured when it is time. Asks the chain once an epoch.
   *
   * @throws {RpcError} The chain cannot be asked.
   */
  claimMatured(moment: Moment, nowMs: number, signal: AbortSignal): Promise<void>;
}

export function createClaims(parts: SettlementParts): Claims {
  const { view, client, outbox, settings } = parts;
  const { nodeId } = view;
  /** Epochs that matured with nothing in them: all was released or disputed. Asked anew after a restart. */
  const empty = new Set<number>();
  let askedIn = -1;

  /** The epochs whose buckets can be paid out, by a final block: so a reorganisation changes none of it. */
  async function waitingOf({ finalEpoch, times }: Moment, at: bigint): Promise<number[]> {
    const claimed = view.claimedEpochs();
    const matured = view
      .countedEpochs()
      .filter((epoch) => usageWindow(times, epoch).firstClaim <= finalEpoch)
      .filter((epoch) => !claimed.has(epoch) && !empty.has(epoch))
      .sort((a, b) => a - b);
    const pending = await Promise.all(
      matured.map((epoch) => settlement.pending(client, { nodeId, epoch, at })),
    );
    for (const [i, epoch] of matured.entries()) if (pending[i]?.amount === 0n) empty.add(epoch);
    return matured.filter((epoch) => !empty.has(epoch));
  }

  function lastClaim({ headEpoch }: Moment): number {
    const own = outbox.list("claim:").filter(({ state }) => state === "final");
    const claims = own.map(({ reference }) => Number(reference.slice("claim:".length)));
    return claims.length > 0 ? Math.max(...claims) : Math.min(headEpoch, ...view.countedEpochs());
  }

  return {
    async claimMatured(moment, nowMs, signal) {
      const { headEpoch } = moment;
      const { claimEveryEpochs } = settings;
      const reference = `claim:${headEpoch}`;
      if (claimEveryEpochs === 0 || isOnItsWay(parts, "claim:") || !isFree(parts, reference, nowMs)) return;
      if (askedIn === headEpoch && outbox.find(reference) === undefined) return;
      if (view.countedEpochs().length === 0) return;
      const at = view.finalBlock();
      const asked = Promise.all([waitingOf(moment, at), settlement.payableOf(client, { nodeId, at })]);
      const [waiting, ready] = await untilAborted(asked, signal);
      askedIn = headEpoch;
      const payable = ready.amount + ready.fee;
      const epochs = dueClaim({ moment, waiting, payable, lastClaim: lastClaim(moment), claimEveryEpochs });
      if (epochs === undefined) return;
      const call = settlement.claim.call(view, { nodeId, epochs });
      enqueueOnce(parts, { reference, ...encodeCall(call) });
    },
  };
}
