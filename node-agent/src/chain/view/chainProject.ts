import type { Address } from "viem";
import type { FactRow } from "../../ledger/factTable.ts";

export interface ChainVersion {
  readonly version: number;
  readonly cid: string;
}

export interface ChainTerms {
  /** In the order of the seats, 0 for an empty one; the first is the home. */
  readonly nodeIds: readonly number[];
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  readonly fromEpoch: number;
}

/** A project as the facts in the ledger tell it. */
export interface ChainProject {
  readonly projectId: bigint;
  /** Undefined where no fact tells of the project. */
  readonly owner: Address | undefined;
  /** In their order. */
  readonly versions: readonly ChainVersion[];
  /** The version to serve; 0 before the first is live. */
  readonly active: number;
  /** A second version that some visitors get, of 10,000 so many; undefined while all get the active one. */
  readonly split: { readonly version: number; readonly bps: number } | undefined;
  /** The domains that it claimed on chain. */
  readonly domains: readonly string[];
  /** By the epoch from which each counts. */
  readonly terms: readonly ChainTerms[];
  /** Who may deploy besides the owner. */
  readonly delegates: readonly Address[];
}

/** The right to add, activate and upload versions. Source: `DEPLOY` in contracts/projects/ProjectRights.sol. */
const DEPLOY = 1;

/** Reads a project from what holds of it; the rows are in the chain's order. */
export function chainProject(projectId: bigint, rows: readonly FactRow[]): ChainProject {
  let owner: Address | undefined;
  let active = 0;
  let split: ChainProject["split"];
  const versions: ChainVersion[] = [];
  const domains: string[] = [];
  const terms: ChainTerms[] = [];
  const delegates: { owner: Address; who: Address }[] = [];
  for (const { topic, key, args } of rows) {
    if (topic === "owner") owner = args.owner as Address;
    else if (topic === "version") {
      const { version, cid, live } = args as unknown as ChainVersion & { live: boolean };
      versions.push({ version, cid });
      // Whatever makes a version active ends a split; the chain says so by no event of its own.
      if (live) [active, split] = [version, undefined];
    } else if (topic === "active") [active, split] = [args.version as number, undefined];
    else if (topic === "split") split = splitOf(args as { version: number; bps: number });
    else if (topic === "domain" && args.claimed === true) domains.push(key);
    else if (topic === "terms") {
      const { fromEpoch, cap, nodeIds } = args as { fromEpoch: number; cap: string; nodeIds: number[] };
      terms.push({ fromEpoch, cap: BigInt(cap), nodeIds });
    } else if (topic === "delegate" && ((args.rights as number) & DEPLOY) !== 0)
      delegates.push({ owner: args.owner as Address, who: args.who as Address });
  }
  return {
    projectId,
    owner,
    active,
    split,
    versions: versions.sort((a, b) => a.version - b.version),
    domains,
    terms: terms.sort((a, b) => a.fromEpoch - b.fromEpoch),
    delegates: delegates.filter((delegate) => delegate.owner === owner).map(({ who }) => who),
  };
}

function splitOf({ version, bps }: { version: number; bps: number }): ChainProject["split"] {
  return bps === 0 ? undefined : { version, bps };
}

/** The terms that an epoch is judged by; undefined before the first. */
export function termsAt(terms: readonly ChainTerms[], epoch: number): ChainTerms | undefined {
  return terms.findLast(({ fromEpoch }) => fromEpoch <= epoch);
}

/**
 * Whether a node serves a project in an epoch: new seats from the moment that they are known, those given up until the
 * epoch ends.
 */
export function servesIn(terms: readonly ChainTerms[], nodeId: number, epoch: number): boolean {
  return [epoch, epoch + 1].some((at) => termsAt(terms, at)?.nodeIds.includes(nodeId) === true);
}
