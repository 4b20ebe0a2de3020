import type { Fact } from "@worker3/sdk";
import type { FactRow, FactScope } from "../ledger/factTable.ts";

/** What a fact changes in the ledger. */
export interface FactEffects {
  readonly rows: readonly FactRow[];
  /** The project that reconcile has to look at. */
  readonly projectId: bigint | undefined;
  /** The project has, or had until now, a seat on this node. */
  readonly seatsNode: boolean;
  /** What is known of the project's credit no longer holds. */
  readonly changesCredit: boolean;
}

type Told = Partial<Omit<FactEffects, "rows">> & {
  row?: { scope: FactScope; id: bigint; topic: string; key?: string; args: Record<string, unknown> }[];
};

/**
 * What a fact means to a node. Of other nodes' receipts and claims it keeps nothing; of everything else it keeps what
 * holds, so that the node knows all projects and all nodes.
 */
export function factEffects(fact: Fact, nodeId: number): FactEffects {
  const { row = [], projectId, seatsNode = false, changesCredit = false } = told(fact, nodeId);
  const place = { block: fact.blockNumber, logIndex: fact.logIndex, tx: fact.txHash };
  return {
    rows: row.map(({ key = "", ...rest }) => ({ key, ...rest, ...place })),
    projectId,
    seatsNode,
    changesCredit,
  };
}

function told(fact: Fact, nodeId: number): Told {
  switch (fact.contract) {
    case "nodeRegistry":
      return nodeTold(fact);
    case "projectRegistry":
      return projectTold(fact, nodeId);
    case "creditEscrow":
      return "projectId" in fact.args ? { projectId: fact.args.projectId, changesCredit: true } : {};
    case "usageSettlement":
      return settlementTold(fact, nodeId);
    default: // of contracts that an agent has nothing to do with
      return {};
  }
}

function nodeTold(fact: Extract<Fact, { contract: "nodeRegistry" }>): Told {
  const about = (id: number, topic: string, args: Record<string, unknown>): Told => ({
    row: [{ scope: "node", id: BigInt(id), topic, args }],
  });
  switch (fact.kind) {
    case "NodeRegistered":
    case "NodeUpdated": {
      const { nodeId, owner, operator, region, endpoint } = fact.args;
      return about(nodeId, "node", { owner, operator, region, endpoint });
    }
    case "AcceptingSet":
      return about(fact.args.nodeId, "accepting", { untilEpoch: fact.args.untilEpoch });
    case "Retired":
      return about(fact.args.nodeId, "retired", { retiredFrom: fact.args.retiredFrom });
    case "PausedUntil":
      return paused(fact.contract, fact.args.until);
    default:
      return {};
  }
}

function projectTold(fact: Extract<Fact, { contract: "projectRegistry" }>, ownNodeId: number): Told {
  const about = (id: bigint, topic: string, args: Record<string, unknown>, key = ""): Told => ({
    projectId: id,
    row: [{ scope: "project", id, topic, key, args }],
  });
  switch (fact.kind) {
    case "ProjectCreated":
    case "OwnerAccepted":
      return about(fact.args.projectId, "owner", { owner: fact.args.owner });
    case "TermsSet": {
      const { projectId, fromEpoch, cap, nodeIds } = fact.args;
      return {
        ...about(projectId, "terms", { fromEpoch, cap: String(cap), nodeIds }, String(fromEpoch)),
        seatsNode: nodeIds.includes(ownNodeId),
        changesCredit: true,
      };
    }
    case "VersionAdded": {
      const { projectId, version, cid, live } = fact.args;
      return about(projectId, "version", { version, cid, live }, String(version));
    }
    case "Activated":
      return about(fact.args.projectId, "active", { version: fact.args.version });
    case "SplitSet":
      return about(fact.args.projectId, "split", { version: fact.args.version, bps: fact.args.bps });
    case "DomainClaimed":
      return about(fact.args.projectId, "domain", { claimed: true }, fact.args.domain);
    case "DomainReleased":
      return about(fact.args.projectId, "domain", { claimed: false }, fact.args.domain);
    case "DelegateSet": {
      const { projectId, owner, who, rights } = fact.args;
      return about(projectId, "delegate", { owner, who, rights }, `${owner} ${who}`);
    }
    case "Closed":
      return about(fact.args.projectId, "closed", { closedFrom: fact.args.closedFrom });
    case "PausedUntil":
      return paused(fact.contract, fact.args.until);
    default:
      return {};
  }
}

function settlementTold(fact: Extract<Fact, { contract: "usageSettlement" }>, nodeId: number): Told {
  const own = (topic: string, key: string, args: Record<string, unknown>): Told => ({
    row: [{ scope: "node", id: BigInt(nodeId), topic, key, args }],
  });
  switch (fact.kind) {
    case "PricesSet": {
      const args = Object.fromEntries(
        Object.entries(fact.args.prices).map(([name, value]) => [name, String(value)]),
      );
      return { row: [{ scope: "network", id: 0n, topic: "prices", key: args.fromEpoch ?? "", args }] };
    }
    case "PausedUntil":
      return paused(fact.contract, fact.args.until);
    case "ParametersSet":
      return {};
    case "Claimed": {
      if (fact.args.nodeId !== nodeId) return {};
      const { epochs, paid, fee } = fact.args;
      return own("claimed", `${fact.blockNumber} ${fact.logIndex}`, {
        epochs,
        paid: String(paid),
        fee: String(fee),
      });
    }
    default:
  }
  if (!("nodeId" in fact.args) || fact.args.nodeId !== nodeId) return {};
  switch (fact.kind) {
    case "BatchCounted": {
      const lines = fact.args.lines.map((line) =>
        Object.fromEntries(Object.entries(line).map(([name, value]) => [name, String(value)])),
      );
      const { epoch, statements } = fact.args;
      return own("batch", `${epoch} ${statements}`, { epoch, statements, lines });
    }
    case "Released":
      return own("receipt", `${fact.args.epoch} ${fact.args.projectId}`, {
        state: "released",
        amount: String(fact.args.amount),
      });
    case "Disputed":
      return own("receipt", `${fact.args.epoch} ${fact.args.projectId}`, {
        state: "disputed",
        amount: String(fact.args.amount),
      });
    case "Decided":
      return own("receipt", `${fact.args.epoch} ${fact.args.projectId}`, {
        state: fact.args.guilty ? "refunded" : "innocent",
      });
    case "Drawn":
      return own("receipt", `${fact.args.epoch} ${fact.args.projectId}`, { state: "drawn" });
    default:
      return {};
  }
}

function paused(contract: string, until: number): Told {
  return { row: [{ scope: "network", id: 0n, topic: "paused", key: contract, args: { until } }] };
}
