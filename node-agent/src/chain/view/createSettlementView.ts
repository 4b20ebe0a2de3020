import type { Line, Network } from "@worker3/sdk";
import type { Hash } from "viem";
import type { FactRow, FactTable } from "../../ledger/factTable.ts";
import type { ProjectTable } from "../../ledger/projectTable.ts";
import type { ChainStatus } from "../followChain.ts";
import { termsAt } from "./chainProject.ts";
import type { ChainView } from "./createChainView.ts";
import type { SettlementView } from "./SettlementView.ts";

export interface SettlementViewParameters {
  readonly facts: FactTable;
  readonly projects: Pick<ProjectTable, "listOwn">;
  readonly view: ChainView;
  readonly network: Network;
  readonly nodeId: number;
  readonly status: () => ChainStatus;
}

/** What settlement knows of the chain, from the ledger's facts. */
export function createSettlementView(parameters: SettlementViewParameters): SettlementView {
  const { facts, projects, view, network, nodeId, status } = parameters;
  const own = (topic: string, { upTo, keyPrefix }: { upTo?: bigint; keyPrefix?: string } = {}): FactRow[] =>
    facts.current({ scope: "node", id: BigInt(nodeId), topic, upTo, keyPrefix });
  const finalBlock = (): bigint => status().final?.number ?? -1n;
  const claims = () => own("claimed", { upTo: finalBlock() }).map(({ args }) => args as unknown as ClaimArgs);
  return {
    network,
    nodeId,
    headSeconds: () => status().head?.timestamp ?? 0,
    finalSeconds: () => status().final?.timestamp ?? 0,
    finalBlock,
    seatsIn: (epoch) =>
      projects.listOwn().flatMap((projectId) => {
        const terms = termsAt(view.project(projectId, finalBlock()).terms, epoch);
        return terms?.nodeIds.includes(nodeId) === true ? [{ projectId, cap: terms.cap }] : [];
      }),
    prices: view.prices,
    countedBatches: (epoch) =>
      own("batch", { keyPrefix: `${epoch} ` }).map(({ block, args }) => {
        const { statements, lines } = args as unknown as BatchArgs;
        return { statements, lines: lines.map(lineOf), isFinal: block <= finalBlock() };
      }),
    countedEpochs: () => [
      ...new Set(own("batch", { upTo: finalBlock() }).map(({ key }) => Number(key.split(" ")[0]))),
    ],
    claimedEpochs: () => new Set(claims().flatMap(({ epochs }) => epochs)),
    paid: () => claims().reduce((sum, { paid }) => sum + BigInt(paid), 0n),
    isRetiredIn(epoch) {
      const retiredFrom = view.node(nodeId)?.retiredFrom;
      return retiredFrom !== undefined && epoch >= retiredFrom;
    },
    acceptingUntil: () => view.node(nodeId)?.acceptingUntil ?? 0,
    pausedUntil: () => {
      const paused = facts
        .current({ scope: "network", id: 0n, topic: "paused" })
        .find(({ key }) => key === "usageSettlement");
      return Number(paused?.args.until ?? 0);
    },
  };
}

interface ClaimArgs {
  readonly epochs: readonly number[];
  readonly paid: string;
}

interface BatchArgs {
  readonly statements: Hash;
  readonly lines: readonly Record<keyof Line, string>[];
}

function lineOf({ projectId, requests, cpuMs, egressKiB, amount }: Record<keyof Line, string>): Line {
  return {
    projectId: BigInt(projectId),
    requests: BigInt(requests),
    cpuMs: BigInt(cpuMs),
    egressKiB: BigInt(egressKiB),
    amount: BigInt(amount),
  };
}
