import { type Fact, getFacts, type NetworkClient, type Prices } from "@worker3/sdk";
import type { CountedBatch, SettlementView } from "../chain/view/SettlementView.ts";

/** What a chain says of a node now, read from its logs at once; `finalBlock` is taken for final, the head where absent. */
export async function readSettlementView(
  { network, publicClient }: NetworkClient,
  nodeId: number,
  finalBlock?: bigint,
): Promise<SettlementView> {
  const head = await publicClient.getBlock();
  const final = finalBlock === undefined ? head : await publicClient.getBlock({ blockNumber: finalBlock });
  const facts = await getFacts({ client: publicClient, network, fromBlock: 0n, toBlock: head.number });
  const isFinal = (fact: Fact) => fact.blockNumber <= final.number;

  const terms = new Map<bigint, { fromEpoch: number; cap: bigint; nodeIds: readonly number[] }[]>();
  const counted = new Map<number, CountedBatch[]>();
  const countedEpochs = new Set<number>();
  const claimedEpochs = new Set<number>();
  const prices: Prices[] = [];
  let [paid, retiredFrom, isLiftable, pausedUntil] = [0n, Number.POSITIVE_INFINITY, false, 0];
  let presence = { untilEpoch: 0, leastCap: 0n };
  for (const fact of facts) {
    if (fact.kind === "TermsSet" && isFinal(fact)) {
      const { projectId, fromEpoch, cap, nodeIds } = fact.args;
      terms.set(projectId, [...(terms.get(projectId) ?? []), { fromEpoch, cap, nodeIds }]);
    } else if (fact.kind === "BatchCounted" && fact.args.nodeId === nodeId) {
      const { epoch, statements, lines } = fact.args;
      const batch = { statements, lines, isFinal: isFinal(fact) };
      counted.set(epoch, [...(counted.get(epoch) ?? []), batch]);
      if (isFinal(fact)) countedEpochs.add(epoch);
    } else if (fact.kind === "Claimed" && fact.args.nodeId === nodeId) {
      paid += fact.args.paid;
      if (isFinal(fact)) for (const epoch of fact.args.epochs) claimedEpochs.add(epoch);
    } else if (fact.kind === "PresenceSet" && fact.args.nodeId === nodeId) {
      const { untilEpoch, leastCap } = fact.args;
      presence = { untilEpoch, leastCap };
    } else if (fact.kind === "Retired" && fact.args.nodeId === nodeId)
      ({ retiredFrom, isLiftable } = fact.args);
    else if (fact.kind === "RetirementLifted" && fact.args.nodeId === nodeId)
      retiredFrom = Number.POSITIVE_INFINITY;
    else if (fact.kind === "PausedUntil" && fact.contract === "usageSettlement")
      pausedUntil = Number(fact.args.until);
    else if (fact.kind === "PricesSet") prices.push(fact.args.prices);
  }

  return {
    network,
    nodeId,
    headSeconds: () => Number(head.timestamp),
    finalSeconds: () => Number(final.timestamp),
    finalBlock: () => final.number,
    seatsIn: (epoch) =>
      [...terms].flatMap(([projectId, changes]) => {
        const of = changes.findLast(({ fromEpoch }) => fromEpoch <= epoch);
        return of?.nodeIds.includes(nodeId) ? [{ projectId, cap: of.cap }] : [];
      }),
    capIn: (projectId, epoch) => terms.get(projectId)?.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.cap,
    prices: (epoch) => prices.findLast(({ fromEpoch }) => fromEpoch <= epoch),
    countedBatches: (epoch) => counted.get(epoch) ?? [],
    countedEpochs: () => [...countedEpochs],
    claimedEpochs: () => claimedEpochs,
    paid: () => paid,
    isRetiredIn: (epoch) => epoch >= retiredFrom,
    isRetiring: () => retiredFrom !== Number.POSITIVE_INFINITY,
    isRetiredForGood: (headEpoch) =>
      retiredFrom !== Number.POSITIVE_INFINITY && !(isLiftable && headEpoch < retiredFrom),
    presence: () => presence,
    pausedUntil: () => pausedUntil,
  };
}
