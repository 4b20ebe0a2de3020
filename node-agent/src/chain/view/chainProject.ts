import type { Address } from "viem";
import type { Booked } from "../facts/topics.ts";

export interface ChainVersion {
  readonly version: number;
  readonly cid: string;
  /** Who added it by the right to propose alone; undefined where somebody who may deploy did. */
  readonly proposedBy?: Address | undefined;
}

export interface ChainTerms {
  /** In the order of the seats, 0 for an empty one; the first is the home. */
  readonly nodeIds: readonly number[];
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  readonly fromEpoch: number;
}

/** What the chain says of a project; it is replaced, never changed, when the chain says something new. */
export interface ChainProject {
  readonly projectId: bigint;
  /** Undefined where no fact tells of the project. */
  readonly owner: Address | undefined;
  /** In their order. */
  readonly versions: readonly ChainVersion[];
  /** The version to serve; 0 before the first is live. */
  readonly active: number;
  /** The versions that were ever active, each once, by when they last became so: the last is the active one. */
  readonly activated: readonly number[];
  /** A second version that some visitors get, of 10,000 so many; undefined while all get the active one. */
  readonly split: { readonly version: number; readonly bps: number } | undefined;
  /** The domains that it claimed on chain. */
  readonly domains: readonly string[];
  /** By the epoch from which each counts. */
  readonly terms: readonly ChainTerms[];
  /** Who may do what besides the owner. */
  readonly delegates: readonly Delegate[];
  /** Whether anything was ever paid in: before that nobody asks whether it can pay. */
  readonly hasCredit: boolean;
}

/** Who may upload for a project that is not theirs. */
export interface Delegate {
  readonly who: Address;
  /** They may also make versions live; else they propose some. */
  readonly mayDeploy: boolean;
}

/** A project with what it takes to go on from there when the chain says more. */
export interface ProjectRecord {
  readonly project: ChainProject;
  /** All terms that were set, in the chain's order, also those that others replaced before they counted. */
  readonly setTerms: readonly { readonly block: bigint; readonly terms: ChainTerms }[];
  /** Those whom anybody named who owned it or may own it again. */
  readonly delegates: readonly (Delegate & { readonly owner: Address })[];
}

/** The version under which visitors get a content: the active one, that of a split, else the newest; 0 where none has it. */
export function versionOf({ versions, active, split }: ChainProject, cid: string): number {
  const having = versions.filter((version) => version.cid === cid).map(({ version }) => version);
  const served = [active, split?.version].find(
    (version) => version !== undefined && having.includes(version),
  );
  return served ?? having.at(-1) ?? 0;
}

/**
 * The right to add, activate and upload versions, and that to upload and to add some that are not live. Source:
 * `DEPLOY` and `PROPOSE` in contracts/projects/ProjectRights.sol.
 */
const DEPLOY = 1;
const PROPOSE = 2;

/** A project of which nothing is known yet. */
export function emptyRecord(projectId: bigint): ProjectRecord {
  const nothing = { versions: [], active: 0, activated: [], split: undefined, domains: [], terms: [] };
  const project = { projectId, owner: undefined, ...nothing, delegates: [], hasCredit: false };
  return { project, setTerms: [], delegates: [] };
}

/** The record after what the chain said next, in its order. */
export function recordWith(record: ProjectRecord, entries: readonly Booked[]): ProjectRecord {
  const { projectId } = record.project;
  let { owner, active, split, domains, hasCredit } = record.project;
  const activated = new Set(record.project.activated);
  const versions = [...record.project.versions];
  const setTerms = [...record.setTerms];
  let delegates = record.delegates;
  /** Whatever makes a version active ends a split; the chain says so by no event of its own. */
  const activate = (version: number) => {
    [active, split] = [version, undefined];
    // A set goes by when each came.
    activated.delete(version);
    activated.add(version);
  };
  for (const entry of entries) {
    switch (entry.topic) {
      case "owner":
        owner = entry.value.owner;
        break;
      case "version": {
        const { version, cid, live } = entry.value;
        putInOrder(versions, { version, cid }, (one) => one.version);
        if (live) activate(version);
        break;
      }
      case "proposed": {
        const { version, by } = entry.value;
        const index = versions.findLastIndex((one) => one.version === version);
        const known = versions[index];
        if (known !== undefined) versions[index] = { ...known, proposedBy: by };
        break;
      }
      case "active":
        activate(entry.value.version);
        break;
      case "split": {
        const { version, bps } = entry.value;
        split = bps === 0 ? undefined : { version, bps };
        break;
      }
      case "domain":
        domains = domains.filter((domain) => domain !== entry.key);
        if (entry.value.claimed) domains = [...domains, entry.key];
        break;
      case "terms": {
        const { fromEpoch, cap, nodeIds } = entry.value;
        setTerms.push({ block: entry.block, terms: { fromEpoch, cap, nodeIds } });
        break;
      }
      case "delegate": {
        const { owner, who, rights } = entry.value;
        const isOther = (one: { owner: Address; who: Address }) => one.owner !== owner || one.who !== who;
        delegates = delegates.filter(isOther);
        const mayDeploy = (rights & DEPLOY) !== 0;
        if (mayDeploy || (rights & PROPOSE) !== 0) delegates = [...delegates, { owner, who, mayDeploy }];
        break;
      }
      case "credit":
        hasCredit = true;
        break;
      default:
    }
  }
  const terms: ChainTerms[] = [];
  for (const set of setTerms) putInOrder(terms, set.terms, (one) => one.fromEpoch);
  const ofOwner = delegates.filter((one) => one.owner === owner);
  const project = {
    projectId,
    owner,
    versions,
    active,
    activated: [...activated],
    split,
    domains,
    terms,
    delegates: ofOwner.map(({ who, mayDeploy }) => ({ who, mayDeploy })),
    hasCredit,
  };
  return { project, setTerms, delegates };
}

/** Puts an item where its order says, in the place of one with the same; nearly always that is the end. */
function putInOrder<item>(items: item[], item: item, orderOf: (item: item) => number): void {
  const order = orderOf(item);
  const index = items.findLastIndex((one) => orderOf(one) <= order);
  const before = items[index];
  const isSame = before !== undefined && orderOf(before) === order;
  items.splice(isSame ? index : index + 1, isSame ? 1 : 0, item);
}

/** The terms that an epoch is judged by; undefined before the first. */
export function termsAt(terms: readonly ChainTerms[], epoch: number): ChainTerms | undefined {
  return terms.findLast(({ fromEpoch }) => fromEpoch <= epoch);
}

/** The terms that an epoch is judged by, as far as a block and those before it tell. */
export function termsAsOf(
  { setTerms }: Pick<ProjectRecord, "setTerms">,
  { epoch, block }: { readonly epoch: number; readonly block: bigint },
): ChainTerms | undefined {
  let found: ChainTerms | undefined;
  for (const { block: setIn, terms } of setTerms) {
    if (setIn > block || terms.fromEpoch > epoch) continue;
    if (found === undefined || terms.fromEpoch >= found.fromEpoch) found = terms;
  }
  return found;
}

/**
 * What a node's place in a project is in an epoch. `serves`: the terms of that epoch give it a seat, and it serves what they
 * give it, until the epoch ends. `prepares`: those of the next one do, so it gets ready and serves nobody yet.
 */
export type Seat = "serves" | "prepares" | "none";

export interface SeatQuestion {
  readonly nodeId: number;
  readonly epoch: number;
  /** The first epoch whose receipts of the node do not count; undefined while it is active. */
  readonly retiredFrom: number | undefined;
}

/** The seat of a node. It has none in an epoch for which it is retired: nothing would be paid. */
export function seatIn(terms: readonly ChainTerms[], { nodeId, epoch, retiredFrom }: SeatQuestion): Seat {
  const has = (at: number) =>
    (retiredFrom === undefined || at < retiredFrom) && termsAt(terms, at)?.nodeIds.includes(nodeId) === true;
  if (has(epoch)) return "serves";
  return has(epoch + 1) ? "prepares" : "none";
}
