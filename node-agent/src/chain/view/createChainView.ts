import { type Network, type Prices, REGIONS, type Region } from "@worker3/sdk";
import type { Address } from "viem";
import type { FactTable } from "../../ledger/factTable.ts";
import { type ChainProject, chainProject, servesIn } from "./chainProject.ts";

/** A node as the facts in the ledger tell it. */
export interface ChainNode {
  readonly nodeId: number;
  readonly owner: Address;
  readonly operator: Address;
  readonly region: Region;
  readonly endpoint: string;
  /** The last epoch in which it takes new projects; 0 when it takes none. */
  readonly acceptingUntil: number;
  /** The first epoch whose receipts do not count; undefined while it is active. */
  readonly retiredFrom: number | undefined;
}

/** What the ledger knows of the chain, as of its newest block unless a block is named. */
export interface ChainView {
  project(projectId: bigint, upTo?: bigint): ChainProject;
  node(nodeId: number): ChainNode | undefined;
  /** Whether this node has a seat in an epoch or in the next. */
  serves(project: ChainProject, epoch: number): boolean;
  /** The names under which visitors may ask for a project: those of the zone. Others prove themselves by DNS first. */
  hosts(project: ChainProject): readonly string[];
  /** A project's other replicas in an epoch and the next that name an endpoint, the newer seats first. */
  peers(project: ChainProject, epoch: number): readonly ChainNode[];
  /** The prices of an epoch; undefined before the ledger has them. */
  prices(epoch: number): Prices | undefined;
}

export function createChainView({
  facts,
  network,
  nodeId,
}: {
  facts: FactTable;
  network: Pick<Network, "zone">;
  nodeId: number;
}): ChainView {
  function node(id: number): ChainNode | undefined {
    const rows = facts.current({ scope: "node", id: BigInt(id) });
    const of = (topic: string) => rows.find((row) => row.topic === topic)?.args;
    const base = of("node") as
      | { owner: Address; operator: Address; region: Region; endpoint: string }
      | undefined;
    if (base === undefined || !REGIONS.includes(base.region)) return undefined;
    return {
      nodeId: id,
      ...base,
      acceptingUntil: (of("accepting")?.untilEpoch as number | undefined) ?? 0,
      retiredFrom: of("retired")?.retiredFrom as number | undefined,
    };
  }

  return {
    project: (projectId, upTo) =>
      chainProject(projectId, facts.current({ scope: "project", id: projectId, upTo })),
    node,
    serves: ({ terms }, epoch) => servesIn(terms, nodeId, epoch),
    hosts: ({ domains }) => domains.filter((domain) => domain.endsWith(`.${network.zone}`)),
    peers({ terms }, epoch) {
      const newest = terms.filter(({ fromEpoch }) => fromEpoch <= epoch + 1).slice(-2);
      const ids = new Set(newest.reverse().flatMap(({ nodeIds }) => nodeIds));
      return [...ids]
        .filter((id) => id !== 0 && id !== nodeId)
        .flatMap((id) => node(id) ?? [])
        .filter(({ endpoint }) => endpoint !== "");
    },
    prices(epoch) {
      const lists = facts
        .current({ scope: "network", id: 0n, topic: "prices" })
        .map(({ args }) => pricesOf(args as Record<string, string>));
      return lists.sort((a, b) => a.fromEpoch - b.fromEpoch).findLast(({ fromEpoch }) => fromEpoch <= epoch);
    },
  };
}

function pricesOf(args: Record<string, string>): Prices {
  const whole = (name: string) => BigInt(args[name] ?? 0);
  return {
    fromEpoch: Number(args.fromEpoch),
    feeBps: Number(args.feeBps),
    included: whole("included"),
    base: whole("base"),
    perMRequests: whole("perMRequests"),
    perMCpuMs: whole("perMCpuMs"),
    perGiB: whole("perGiB"),
  };
}
