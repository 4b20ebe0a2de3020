import { termsAt } from "../chain/view/chainProject.ts";
import type { ChainView } from "../chain/view/createChainView.ts";
import type { UsageTable } from "../ledger/usageTable.ts";
import type { Reconciler } from "../reconcile/Reconciler.ts";
import { chargeSoFar } from "./chargeSoFar.ts";

export interface CapWatchParts {
  readonly usage: Pick<UsageTable, "projectsIn" | "totalsOf">;
  readonly view: Pick<ChainView, "project" | "prices">;
  readonly reconciler: Pick<Reconciler, "setCapReached" | "projects">;
  readonly nodeId: number;
}

/** Tells the reconciler which projects have been charged in an epoch all that they may be. */
export function createCapWatch({ usage, view, reconciler, nodeId }: CapWatchParts): {
  check(epoch: number): void;
} {
  let reached = new Set<bigint>();
  return {
    check(epoch) {
      const prices = view.prices(epoch);
      if (prices === undefined) return;
      const now = new Set(
        usage.projectsIn(epoch).filter((projectId) => {
          const terms = termsAt(view.project(projectId).terms, epoch);
          if (terms?.nodeIds.includes(nodeId) !== true) return false;
          return chargeSoFar(prices, terms.cap, usage.totalsOf({ projectId, epoch })).reachesCap;
        }),
      );
      for (const projectId of now) if (!reached.has(projectId)) reconciler.setCapReached(projectId, true);
      for (const projectId of reached) if (!now.has(projectId)) reconciler.setCapReached(projectId, false);
      reached = now;
    },
  };
}
