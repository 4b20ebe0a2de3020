import type { Network } from "@worker3/sdk";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import type { ProjectTable } from "../../ledger/projectTable.ts";
import type { ChainStatus } from "../follow/createFollower.ts";
import type { ChainView } from "./createChainView.ts";
import type { SettlementView } from "./SettlementView.ts";

export interface SettlementViewParameters {
  readonly projects: Pick<ProjectTable, "listOwn">;
  readonly view: Pick<ChainView, "account" | "node" | "pausedUntil" | "prices" | "termsAsOf">;
  readonly network: Network;
  readonly nodeId: number;
  /** The chain's time, Unix milliseconds: a block that is ahead of it proves nothing yet. */
  readonly nowMs: () => number;
  readonly status: () => Pick<ChainStatus, "head" | "final">;
}

/** Blocks may be a little ahead of the clock, which takes smaller differences for noise. */
const AHEAD_SECONDS = 2;

/** What settlement knows of the chain, from what is booked of it. */
export function createSettlementView(parameters: SettlementViewParameters): SettlementView {
  const { projects, view, network, nodeId, nowMs, status } = parameters;
  const finalBlock = (): bigint => status().final?.number ?? -1n;
  const secondsOf = (block: Checkpoint | undefined): number =>
    Math.min(block?.timestamp ?? 0, Math.ceil(nowMs() / 1_000) + AHEAD_SECONDS);
  const claims = () => view.account.claims(finalBlock());
  return {
    network,
    nodeId,
    headSeconds: () => secondsOf(status().head),
    finalSeconds: () => secondsOf(status().final),
    finalBlock,
    seatsIn(epoch) {
      const at = { epoch, block: finalBlock() };
      return projects.listOwn().flatMap((projectId) => {
        const terms = view.termsAsOf(projectId, at);
        return terms?.nodeIds.includes(nodeId) === true ? [{ projectId, cap: terms.cap }] : [];
      });
    },
    capIn: (projectId, epoch) => view.termsAsOf(projectId, { epoch, block: finalBlock() })?.cap,
    prices: view.prices,
    countedBatches(epoch) {
      const final = finalBlock();
      return view.account
        .batchesOf(epoch)
        .map(({ statements, lines, block }) => ({ statements, lines, isFinal: block <= final }));
    },
    countedEpochs: () => view.account.countedEpochs(finalBlock()),
    claimedEpochs: () => new Set(claims().flatMap(({ epochs }) => epochs)),
    paid: () => claims().reduce((sum, { paid }) => sum + paid, 0n),
    isRetiredIn(epoch) {
      const retiredFrom = view.node(nodeId)?.retiredFrom;
      return retiredFrom !== undefined && epoch >= retiredFrom;
    },
    isRetiring: () => view.node(nodeId)?.retiredFrom !== undefined,
    isRetiredForGood(headEpoch) {
      const { retiredFrom, isLiftable = false } = view.node(nodeId) ?? {};
      return retiredFrom !== undefined && !(isLiftable && headEpoch < retiredFrom);
    },
    presence() {
      const { presentUntil = 0, leastCap = 0n } = view.node(nodeId) ?? {};
      return { untilEpoch: presentUntil, leastCap };
    },
    pausedUntil: () => view.pausedUntil("usageSettlement"),
  };
}
