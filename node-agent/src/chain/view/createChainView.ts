import type { Network, Prices } from "@worker3/sdk";
import { type Address, zeroAddress } from "viem";
import { createChanges, type Watch } from "../../changes.ts";
import type { FactKey, FactTable } from "../../ledger/factTable.ts";
import type { Ledger } from "../../ledger/openLedger.ts";
import type { ProjectTable } from "../../ledger/projectTable.ts";
import { createFactReader } from "../facts/factReader.ts";
import { type Booked, scopeOf, type TopicKey } from "../facts/topics.ts";
import {
  type ChainProject,
  type ChainTerms,
  emptyRecord,
  type ProjectRecord,
  recordWith,
  type Seat,
  seatIn,
  termsAsOf,
} from "./chainProject.ts";
import { createDirectory, type Directory } from "./directory.ts";
import { createNodeAccount, type NodeAccount } from "./nodeAccount.ts";
import { type ChainNode, createNodes, NODE_TOPICS } from "./nodes.ts";

/** What the chain says, as of the newest block that is booked. */
export interface ChainView extends Pick<Directory, "projectAt" | "seatsAt"> {
  /** Any project; those of this node without a look into the ledger. */
  project(projectId: bigint): ChainProject;
  node(nodeId: number): ChainNode | undefined;
  /** What this node's place in a project is in an epoch. */
  seat(project: ChainProject, epoch: number): Seat;
  /** The names under which visitors may ask for a project: those of the zone. Others prove themselves by DNS first. */
  hosts(project: ChainProject): readonly string[];
  /** A project's other replicas in an epoch and the next that name an endpoint, the newer seats first. */
  peers(project: ChainProject, epoch: number): readonly ChainNode[];
  /** The prices of an epoch; undefined before the ledger has them. The same object until they change. */
  prices(epoch: number): Prices | undefined;
  /** When a contract's last pause ends or ended, Unix seconds; 0 where it never paused. */
  pausedUntil(contract: string): number;
  /** The settlement that is announced to take over from the network's; undefined where none is. */
  successor(): Address | undefined;
  /** The terms that an epoch is judged by, as far as a block and those before it tell. */
  termsAsOf(
    projectId: bigint,
    at: { readonly epoch: number; readonly block: bigint },
  ): ChainTerms | undefined;
  /** What was counted and paid for this node. */
  readonly account: Pick<NodeAccount, "batchesOf" | "countedEpochs" | "claims">;
  /** The projects whose terms changed, for whoever wants to look at those alone. */
  watchTerms(): Watch<bigint>;
}

/** A view that is kept up to date. Both are called in the transaction that changes the ledger, and show when it is kept. */
export interface KeptChainView extends ChainView {
  /** Facts were written. */
  booked(entries: readonly Booked[]): void;
  /** Rows of these keys were deleted. */
  rolledBack(keys: readonly FactKey[]): void;
}

export interface ChainViewParameters {
  readonly ledger: Pick<Ledger, "afterCommit">;
  readonly facts: FactTable;
  readonly projects: Pick<ProjectTable, "isOwn">;
  readonly network: Pick<Network, "zone">;
  readonly nodeId: number;
}

/**
 * Reads the ledger once and goes on from there in memory: of all projects what DNS and forwarding need, of the node's own
 * everything, from the moment that somebody asks for one.
 */
export function createChainView(parameters: ChainViewParameters): KeptChainView {
  const { ledger, projects, network, nodeId } = parameters;
  const facts = createFactReader(parameters.facts);
  const directory = createDirectory(network.zone);
  const nodes = createNodes();
  const account = createNodeAccount(facts, nodeId);
  const records = new Map<bigint, ProjectRecord>();
  const prices = new Map<number, Prices>();
  const pauses = new Map<string, number>();
  let successor: Address = zeroAddress;
  const changedTerms = createChanges<bigint>();

  for (const entry of facts.holding(["terms", "domain"])) set(entry);
  for (const entry of facts.holding(NODE_TOPICS)) set(entry);
  for (const entry of facts.holding(["prices", "paused", "successor"])) set(entry);

  function set(entry: Booked): void {
    switch (entry.topic) {
      case "terms":
        directory.setSeats(entry.id, entry.value);
        changedTerms.mark(entry.id);
        return;
      case "domain":
        if (entry.value.claimed) directory.claim(entry.key, entry.id);
        else directory.release(entry.key, entry.id);
        return;
      case "node":
      case "nodeOwner":
      case "presence":
      case "retired":
        nodes.set(entry);
        return;
      case "claimed":
      case "batch":
        if (entry.id === BigInt(nodeId)) account.set(entry);
        return;
      case "prices":
        prices.set(entry.key, entry.value);
        return;
      case "paused":
        pauses.set(entry.key, entry.value.until);
        return;
      case "successor":
        successor = entry.value.address;
        return;
      // What is known of these is in the records of the node's own projects, or in the ledger alone.
      case "owner":
      case "version":
      case "proposed":
      case "active":
      case "split":
      case "delegate":
      case "closed":
      case "credit":
      case "receipt":
        return;
      default:
        entry satisfies never;
    }
  }

  function clear(key: TopicKey): void {
    switch (key.topic) {
      case "domain":
        directory.release(key.key, key.id);
        return;
      case "node":
      case "nodeOwner":
      case "presence":
      case "retired":
        nodes.clear(key);
        return;
      case "prices":
        prices.delete(key.key);
        return;
      case "paused":
        pauses.delete(key.key);
        return;
      case "successor":
        successor = zeroAddress;
        return;
      default:
    }
  }

  function recordOf(projectId: bigint): ProjectRecord {
    const known = records.get(projectId);
    if (known !== undefined) return known;
    const record = recordWith(emptyRecord(projectId), facts.ofProject(projectId));
    if (projects.isOwn(projectId)) records.set(projectId, record);
    return record;
  }

  function goOn(entries: readonly Booked[]): void {
    const ofProjects = entries.filter(({ topic }) => scopeOf(topic) === "project");
    for (const [projectId, more] of Map.groupBy(ofProjects, ({ id }) => id)) {
      const record = records.get(projectId);
      if (record !== undefined) records.set(projectId, recordWith(record, more));
    }
  }

  /** What has to be done when rows of these keys are gone. Reads the ledger now, and changes nothing yet. */
  function takenBack(keys: readonly FactKey[]): () => void {
    const { gone, held } = facts.now(keys);
    const projectIds = new Set(keys.flatMap(({ scope, id }) => (scope === "project" ? [id] : [])));
    const termsIds = new Set(keys.flatMap(({ topic, id }) => (topic === "terms" ? [id] : [])));
    const terms = [...termsIds].map((id) => ({ id, set: facts.history("terms", id) }));
    const isOfAccount = ({ topic }: { topic: string }) => topic === "batch" || topic === "claimed";
    const rereadAccount = keys.some(isOfAccount) ? account.reread() : () => {};
    return () => {
      for (const projectId of projectIds) records.delete(projectId);
      rereadAccount();
      for (const key of gone) clear(key);
      for (const { id, set } of terms) {
        directory.clearSeats(id);
        for (const { value } of set) directory.setSeats(id, value);
        changedTerms.mark(id);
      }
      for (const entry of held) if (entry.topic !== "terms" && !isOfAccount(entry)) set(entry);
    };
  }

  return {
    project: (projectId) => recordOf(projectId).project,
    node: nodes.find,
    seat: ({ terms }, epoch) =>
      seatIn(terms, { nodeId, epoch, retiredFrom: nodes.find(nodeId)?.retiredFrom }),
    hosts: ({ domains }) => domains.filter((domain) => domain.endsWith(`.${network.zone}`)),
    peers({ terms }, epoch) {
      const newest = terms.filter(({ fromEpoch }) => fromEpoch <= epoch + 1).slice(-2);
      const ids = new Set(newest.reverse().flatMap(({ nodeIds }) => nodeIds));
      return [...ids]
        .filter((id) => id !== 0 && id !== nodeId)
        .flatMap((id) => nodes.find(id) ?? [])
        .filter(({ endpoint }) => endpoint !== "");
    },
    prices(epoch) {
      let newest: Prices | undefined;
      for (const list of prices.values()) {
        if (list.fromEpoch <= epoch && (newest === undefined || list.fromEpoch > newest.fromEpoch))
          newest = list;
      }
      return newest;
    },
    pausedUntil: (contract) => pauses.get(contract) ?? 0,
    successor: () => (successor === zeroAddress ? undefined : successor),
    termsAsOf: (projectId, at) => termsAsOf(recordOf(projectId), at),
    projectAt: directory.projectAt,
    seatsAt: directory.seatsAt,
    account,
    watchTerms: changedTerms.watch,
    booked(entries) {
      ledger.afterCommit(() => {
        goOn(entries);
        for (const entry of entries) set(entry);
      });
    },
    rolledBack(keys) {
      ledger.afterCommit(takenBack(keys));
    },
  };
}
