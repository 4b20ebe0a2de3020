import type { Prices } from "@worker3/sdk";
import { termsAt } from "../chain/view/chainProject.ts";
import type { ChainView } from "../chain/view/createChainView.ts";
import type { Counts } from "../ledger/usageTable.ts";
import { chargeSoFar } from "./chargeSoFar.ts";
import type { Meter } from "./createMeter.ts";

export interface CapWatchParts {
  readonly meter: Pick<Meter, "usedIn" | "watchUsage">;
  readonly view: Pick<ChainView, "project" | "prices" | "watchTerms">;
  /** Is told when a project has been charged in the epoch all that it may be, and when that is over. */
  readonly reconciler: { setCapReached(projectId: bigint, reached: boolean): void };
  readonly nodeId: number;
  /** How long an epoch is. */
  readonly epochSeconds: number;
}

export interface CapWatch {
  /** Looks at the projects about which something changed since the last time; every second. */
  check(epoch: number): void;
}

/** Watches what projects are charged in the epoch that runs. After a restart it looks at all of them once. */
export function createCapWatch(parts: CapWatchParts): CapWatch {
  const { meter, view, reconciler, nodeId, epochSeconds } = parts;
  const used = meter.watchUsage();
  const terms = view.watchTerms();
  let last: { readonly epoch: number; readonly prices: Prices } | undefined;
  const reached = new Set<bigint>();

  function reachesCap(projectId: bigint, prices: Prices, epoch: number, usage: Counts | undefined): boolean {
    if (usage === undefined) return false;
    const current = termsAt(view.project(projectId).terms, epoch);
    if (current === undefined || !current.nodeIds.includes(nodeId)) return false;
    return chargeSoFar({ prices, cap: current.cap, epochSeconds }, usage).reachesCap;
  }

  return {
    check(epoch) {
      const prices = view.prices(epoch);
      if (prices === undefined) return;
      const totals = meter.usedIn(epoch);
      const changed = [used.take(), terms.take()];
      const isSame = last?.epoch === epoch && last.prices === prices;
      // What is told to have changed is told once: after a look that throws, the next one looks at all.
      last = undefined;
      for (const projectIds of isSame ? changed : [totals.keys(), [...reached]]) {
        for (const projectId of projectIds) {
          const isReached = reachesCap(projectId, prices, epoch, totals.get(projectId));
          if (isReached === reached.has(projectId)) continue;
          reconciler.setCapReached(projectId, isReached);
          if (isReached) reached.add(projectId);
          else reached.delete(projectId);
        }
      }
      last = { epoch, prices };
    },
  };
}
