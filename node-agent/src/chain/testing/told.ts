import type { Fact, Line, Prices } from "@worker3/sdk";
import { type Address, type Hash, zeroAddress } from "viem";
import type { ChainProject, ChainTerms, ChainVersion } from "../view/chainProject.ts";
import type { ChainNode } from "../view/nodes.ts";

/**
 * What facts say, looked up in all of them from the first to the last each time: slow, without a table, a codec or
 * anything that is kept, for the view to be compared with.
 */
export class Told {
  readonly #facts: readonly Fact[];

  constructor(facts: readonly Fact[]) {
    this.#facts = facts;
  }

  upTo(block: bigint): Told {
    return new Told(this.#facts.filter(({ blockNumber }) => blockNumber <= block));
  }

  project(projectId: bigint): ChainProject {
    let owner: Address | undefined;
    let active = 0;
    let split: ChainProject["split"];
    let hasCredit = false;
    const versions = new Map<number, ChainVersion>();
    const activated = new Set<number>();
    const domains = new Set<string>();
    const terms = new Map<number, ChainTerms>();
    const delegates = new Map<string, { owner: Address; who: Address; rights: number }>();
    for (const { contract, kind, args } of this.#facts) {
      if (!("projectId" in args) || args.projectId !== projectId) continue;
      if (contract === "creditEscrow" && kind === "Deposited") hasCredit = true;
      if (contract === "nameRegistry" && (kind === "DomainReleased" || kind === "DomainClaimed")) {
        domains.delete(args.domain);
        if (kind === "DomainClaimed") domains.add(args.domain);
      }
      if (contract !== "projectRegistry") continue;
      if (kind === "ProjectCreated" || kind === "OwnerAccepted") owner = args.owner;
      if (kind === "VersionAdded") versions.set(args.version, { version: args.version, cid: args.cid });
      if (kind === "Proposed") {
        const { cid = "" } = versions.get(args.version) ?? {};
        versions.set(args.version, { version: args.version, cid, proposedBy: args.by });
      }
      if (kind === "Activated" || (kind === "VersionAdded" && args.live)) {
        [active, split] = [args.version, undefined];
        activated.delete(args.version);
        activated.add(args.version);
      }
      if (kind === "SplitSet") split = args.bps === 0 ? undefined : { version: args.version, bps: args.bps };
      if (kind === "TermsSet") {
        const { fromEpoch, cap, nodeIds } = args;
        terms.set(fromEpoch, { fromEpoch, cap, nodeIds });
      }
      if (kind === "DelegateSet") {
        const { owner, who, rights } = args;
        delegates.delete(owner + who);
        delegates.set(owner + who, { owner, who, rights });
      }
    }
    const named = [...delegates.values()].filter((one) => one.owner === owner && one.rights !== 0);
    return {
      projectId,
      owner,
      active,
      split,
      domains: [...domains],
      versions: [...versions.values()].sort((a, b) => a.version - b.version),
      activated: [...activated],
      terms: [...terms.values()].sort((a, b) => a.fromEpoch - b.fromEpoch),
      delegates: named.map(({ who, rights }) => ({ who, mayDeploy: (rights & 1) === 1 })),
      hasCredit,
    };
  }

  termsAt(projectId: bigint, epoch: number): ChainTerms | undefined {
    return this.project(projectId).terms.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  node(nodeId: number): ChainNode | undefined {
    let node: Pick<ChainNode, "nodeId" | "owner" | "operator" | "region" | "endpoint"> | undefined;
    let owner: Address | undefined;
    let [presentUntil, leastCap, isLiftable] = [0, 0n, false];
    let retiredFrom: number | undefined;
    for (const { contract, kind, args } of this.#facts) {
      if (contract !== "nodeRegistry" || !("nodeId" in args) || args.nodeId !== nodeId) continue;
      if (kind === "NodeRegistered" || kind === "NodeUpdated") {
        const { operator, region, endpoint } = args;
        owner = args.owner;
        node = { nodeId, owner, operator, region, endpoint };
      }
      if (kind === "NodeOwnerAccepted") owner = args.owner;
      if (kind === "PresenceSet") [presentUntil, leastCap] = [args.untilEpoch, args.leastCap];
      if (kind === "Retired") [retiredFrom, isLiftable] = [args.retiredFrom, args.isLiftable];
      if (kind === "RetirementLifted") [retiredFrom, isLiftable] = [undefined, false];
    }
    if (node === undefined || owner === undefined) return undefined;
    return { ...node, owner, presentUntil, leastCap, retiredFrom, isLiftable };
  }

  successor(): Address | undefined {
    const last = this.#facts.findLast((fact) => fact.kind === "SuccessorSet");
    if (last?.kind !== "SuccessorSet" || last.args.successor === zeroAddress) return undefined;
    return last.args.successor;
  }

  prices(epoch: number): Prices | undefined {
    const lists = new Map<number, Prices>();
    for (const { kind, args } of this.#facts)
      if (kind === "PricesSet") lists.set(args.prices.fromEpoch, args.prices);
    const inOrder = [...lists.values()].sort((a, b) => a.fromEpoch - b.fromEpoch);
    return inOrder.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  pausedUntil(contract: Fact["contract"]): number {
    const last = this.#facts.findLast((fact) => fact.kind === "PausedUntil" && fact.contract === contract);
    return last?.kind === "PausedUntil" ? last.args.until : 0;
  }

  batches(nodeId: number): { epoch: number; statements: Hash; lines: readonly Line[]; block: bigint }[] {
    const batches = new Map<string, ReturnType<Told["batches"]>[number]>();
    for (const { kind, args, blockNumber: block } of this.#facts) {
      if (kind !== "BatchCounted" || args.nodeId !== nodeId) continue;
      const { epoch, statements, lines } = args;
      batches.delete(epoch + statements);
      batches.set(epoch + statements, { epoch, statements, lines, block });
    }
    return [...batches.values()];
  }

  claims(nodeId: number): { epochs: readonly number[]; paid: bigint }[] {
    return this.#facts.flatMap(({ kind, args }) =>
      kind === "Claimed" && args.nodeId === nodeId ? [{ epochs: args.epochs, paid: args.paid }] : [],
    );
  }
}
