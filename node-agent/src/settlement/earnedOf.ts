import { feeOf, settlement, usageWindow } from "@worker3/sdk";
import { momentOf } from "./momentOf.ts";
import type { SettlementParts } from "./SettlementParts.ts";

/** What the node earned, less the network's fee, in base units. */
export interface Earned {
  /** Counted, and neither matured nor released. What is disputed is not in it. */
  readonly pending: bigint;
  /** What a claim would pay now. */
  readonly claimable: bigint;
  /** What claims paid so far. */
  readonly claimed: bigint;
}

/**
 * What the node earned, as the chain says now.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function earnedOf({ view, client }: Pick<SettlementParts, "view" | "client">): Promise<Earned> {
  const { nodeId } = view;
  const { times, headEpoch } = momentOf(view);
  const claimed = view.claimedEpochs();
  const open = view.countedEpochs().filter((epoch) => !claimed.has(epoch));
  const isMatured = (epoch: number) => usageWindow(times, epoch).firstClaim <= headEpoch;
  const [claimable, ...buckets] = await Promise.all([
    settlement.claimable(client, { nodeId, epochs: open.filter(isMatured) }),
    ...open
      .filter((epoch) => !isMatured(epoch))
      .map((epoch) => settlement.pending(client, { nodeId, epoch })),
  ]);
  const pending = buckets.reduce((sum, { amount, feeBps }) => sum + amount - feeOf(amount, feeBps), 0n);
  return { pending, claimable: claimable.paid, claimed: view.paid() };
}
