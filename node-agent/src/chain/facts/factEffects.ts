import type { Fact } from "@worker3/sdk";
import type { Entry, ReceiptFate } from "./topics.ts";

/** What a fact changes in the ledger. */
export interface FactEffects {
  readonly entries: readonly Entry[];
  /** The project that reconcile has to look at. */
  readonly projectId: bigint | undefined;
  /** The project has, or had until now, a seat on this node. */
  readonly seatsNode: boolean;
  /** What is known of the project's credit no longer holds. */
  readonly changesCredit: boolean;
  /** A node whose seats count in other epochs than before, so that projects which have it in a seat need another credit. */
  readonly retires: number | undefined;
}

type Of<contract> = Extract<Fact, { contract: contract }>;

const NOTHING: FactEffects = {
  entries: [],
  projectId: undefined,
  seatsNode: false,
  changesCredit: false,
  retires: undefined,
};

/**
 * What a fact means to a node. Of other nodes' receipts and claims it keeps nothing; of everything else it keeps what
 * holds, so that the node knows all projects and all nodes. An event that is neither kept nor named among those that
 * are left out does not compile.
 */
export function factEffects(fact: Fact, nodeId: number): FactEffects {
  switch (fact.contract) {
    case "nodeRegistry":
      return ofNodes(fact);
    case "projectRegistry":
      return ofProjects(fact, nodeId);
    case "nameRegistry":
      return ofNames(fact);
    case "creditEscrow":
      return ofCredit(fact);
    case "usageSettlement":
      return ofSettlement(fact, nodeId);
    default:
      return unhandled(fact);
  }
}

function ofNodes(fact: Of<"nodeRegistry">): FactEffects {
  switch (fact.kind) {
    case "NodeRegistered":
    case "NodeUpdated": {
      const { nodeId, owner, operator, region, endpoint } = fact.args;
      return kept({ topic: "node", ...one(nodeId), value: { owner, operator, region, endpoint } });
    }
    case "NodeOwnerAccepted": {
      const { nodeId, owner } = fact.args;
      return kept({ topic: "nodeOwner", ...one(nodeId), value: { owner } });
    }
    case "PresenceSet": {
      const { nodeId, untilEpoch, leastCap } = fact.args;
      return kept({ topic: "presence", ...one(nodeId), value: { untilEpoch, leastCap } });
    }
    case "Retired": {
      const { nodeId, retiredFrom, isLiftable } = fact.args;
      return retirement(nodeId, { retiredFrom, isLiftable });
    }
    case "RetirementLifted":
      return retirement(fact.args.nodeId, { retiredFrom: 0, isLiftable: false });
    case "PausedUntil":
      return paused(fact);
    // A stake is asked of the chain where it is shown; the pool of those who take projects is the chain's own affair, as is
    // who may become a node's owner.
    case "StakeAdded":
    case "StakeWithdrawn":
    case "UnstakeRequested":
    case "UnstakeCancelled":
    case "Slashed":
    case "Pruned":
    case "OwnerProposed":
    case "ParametersSet":
    case "AuthorityUpdated":
    case "Bound":
      return NOTHING;
    default:
      return unhandled(fact);
  }
}

function ofProjects(fact: Of<"projectRegistry">, nodeId: number): FactEffects {
  switch (fact.kind) {
    case "ProjectCreated":
    case "OwnerAccepted": {
      const { projectId, owner } = fact.args;
      return about({ topic: "owner", ...one(projectId), value: { owner } });
    }
    case "TermsSet": {
      const { projectId, fromEpoch, cap, nodeIds } = fact.args;
      return {
        ...about({ topic: "terms", id: projectId, key: fromEpoch, value: { fromEpoch, cap, nodeIds } }),
        seatsNode: nodeIds.includes(nodeId),
        changesCredit: true,
      };
    }
    case "VersionAdded": {
      const { projectId, version, cid, live } = fact.args;
      return about({ topic: "version", id: projectId, key: version, value: { version, cid, live } });
    }
    case "Activated": {
      const { projectId, version } = fact.args;
      return about({ topic: "active", ...one(projectId), value: { version } });
    }
    case "SplitSet": {
      const { projectId, version, bps } = fact.args;
      return about({ topic: "split", ...one(projectId), value: { version, bps } });
    }
    case "Proposed": {
      const { projectId, version, by } = fact.args;
      return about({ topic: "proposed", id: projectId, key: version, value: { version, by } });
    }
    case "DelegateSet": {
      const { projectId, owner, who, rights } = fact.args;
      return about({ topic: "delegate", id: projectId, key: [owner, who], value: { owner, who, rights } });
    }
    case "Closed": {
      const { projectId, closedFrom } = fact.args;
      return about({ topic: "closed", ...one(projectId), value: { closedFrom } });
    }
    case "PausedUntil":
      return paused(fact);
    // The node asks nothing of a meter key, and draws no replicas.
    case "MeterSet":
    case "RefillSet":
    case "OwnerProposed":
    case "ParametersSet":
    case "AuthorityUpdated":
    case "Bound":
      return NOTHING;
    default:
      return unhandled(fact);
  }
}

function ofNames(fact: Of<"nameRegistry">): FactEffects {
  switch (fact.kind) {
    // Where a deployment creates a project, its domain is claimed before the project is told of.
    case "DomainClaimed":
    case "DomainReleased": {
      const { projectId, domain } = fact.args;
      const claimed = fact.kind === "DomainClaimed";
      return about({ topic: "domain", id: projectId, key: domain, value: { claimed } });
    }
    // Where `deploy` of somebody goes the contract knows. A name that may lapse is its project's until it does.
    case "TargetSet":
    case "LapseNoticed":
      return NOTHING;
    default:
      return unhandled(fact);
  }
}

type ProjectTopic =
  | "owner"
  | "terms"
  | "version"
  | "proposed"
  | "active"
  | "split"
  | "domain"
  | "delegate"
  | "closed"
  | "credit";

function about(entry: Entry & { topic: ProjectTopic }): FactEffects {
  return { ...kept(entry), projectId: entry.id };
}

function ofCredit(fact: Of<"creditEscrow">): FactEffects {
  switch (fact.kind) {
    // How much there is now is asked of the chain, but only where something was ever paid in. Who paid, and the salt of a
    // payment by signature, concern the payer alone.
    case "Deposited": {
      const { projectId, balance } = fact.args;
      return { ...about({ topic: "credit", ...one(projectId), value: { balance } }), changesCredit: true };
    }
    case "Refunded":
    case "WithdrawRequested":
    case "WithdrawCancelled":
    case "Withdrawn":
      return { ...NOTHING, projectId: fact.args.projectId, changesCredit: true };
    case "FeeReceiverSet":
    case "FeesCollected":
    case "RefundCollected":
    case "RefundOwed":
    case "AuthorityUpdated":
    case "Bound":
      return NOTHING;
    default:
      return unhandled(fact);
  }
}

function ofSettlement(fact: Of<"usageSettlement">, nodeId: number): FactEffects {
  const own = (entry: Entry): FactEffects => (isOwn(fact, nodeId) ? kept(entry) : NOTHING);
  const receipt = ({ epoch, projectId }: { epoch: number; projectId: bigint }, value: ReceiptFate) =>
    own({ topic: "receipt", id: BigInt(nodeId), key: [epoch, projectId], value });
  switch (fact.kind) {
    case "PricesSet": {
      const { prices } = fact.args;
      return kept({ topic: "prices", id: 0n, key: prices.fromEpoch, value: prices });
    }
    case "PausedUntil":
      return paused(fact);
    case "BatchCounted": {
      const { epoch, statements, lines } = fact.args;
      const value = { epoch, statements, lines };
      return own({ topic: "batch", id: BigInt(nodeId), key: [epoch, statements], value });
    }
    case "Claimed": {
      const { epochs, paid, fee } = fact.args;
      const key = [fact.blockNumber, fact.logIndex] as const;
      return own({ topic: "claimed", id: BigInt(nodeId), key, value: { epochs, paid, fee } });
    }
    case "Released":
      return receipt(fact.args, { state: "released", amount: fact.args.amount });
    case "Disputed":
      return receipt(fact.args, { state: "disputed", amount: fact.args.amount });
    case "Decided":
      return receipt(fact.args, { state: fact.args.guilty ? "refunded" : "innocent" });
    case "Drawn":
      return receipt(fact.args, { state: "drawn" });
    case "SuccessorSet":
      return kept({ topic: "successor", ...one(0), value: { address: fact.args.successor } });
    // Why a receipt was not counted is found out before it is sent, by asking the chain. Who decides a dispute, and until
    // when, changes nothing for the node: its statements are served as long as any decision may come.
    case "ReceiptSkipped":
    case "Extended":
    case "DecisionsSuspended":
    case "ParametersSet":
    case "AuthorityUpdated":
    case "EIP712DomainChanged":
      return NOTHING;
    default:
      return unhandled(fact);
  }
}

function isOwn({ args }: Of<"usageSettlement">, nodeId: number): boolean {
  return "nodeId" in args && args.nodeId === nodeId;
}

function retirement(nodeId: number, value: Extract<Entry, { topic: "retired" }>["value"]): FactEffects {
  return { ...kept({ topic: "retired", ...one(nodeId), value }), retires: nodeId };
}

function kept(entry: Entry): FactEffects {
  return { ...NOTHING, entries: [entry] };
}

function one(id: bigint | number): { id: bigint; key: undefined } {
  return { id: BigInt(id), key: undefined };
}

function paused({ contract, args }: Extract<Fact, { kind: "PausedUntil" }>): FactEffects {
  return kept({ topic: "paused", id: 0n, key: contract, value: { until: args.until } });
}

/** Compiles only where nothing is left to handle. */
function unhandled(fact: never): FactEffects {
  throw new TypeError(`an event that nobody handles: ${JSON.stringify(fact)}`);
}
