import type { Usage } from "@worker3/sdk";
import type { Model, ModelAccount, ModelAction, ModelOutcome } from "@worker3/sdk/model";
import type { Assumptions } from "../assumptions.ts";

/** What a node really did for a project in an epoch. */
export interface Served {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  /** Within the cap. Zeros where nothing came, or nothing was served. */
  readonly usage: Usage;
  /** Its price without a cap, in base units. */
  readonly priced: bigint;
  /** Whether visitors got the project's bytes. */
  readonly isReal: boolean;
}

/** A counted receipt as the owner of its project meets it. */
export interface FreshReceipt {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  readonly amount: bigint;
  readonly claimed: Usage;
}

/** How a node behaves: the honest one, with what a strategy does otherwise. */
export interface NodeBehaviour {
  /** Whether visitors are given the project's bytes. */
  readonly serves: (world: World, node: NodeAgent, projectId: bigint) => boolean;
  /** What it says of an epoch in which it had a seat; undefined: it leaves the project out. */
  readonly report: (world: World, node: NodeAgent, served: Served) => Usage | undefined;
  /** An epoch is submitted this many epochs later, 1 to `late`. */
  readonly submitsAfter: number;
  /** Whether it is dead: nobody renews, claims, adds stake or serves. */
  readonly isDead?: boolean | undefined;
  /** Whether it makes up for what was slashed, and comes back as a new node after it was retired. */
  readonly rejoins: boolean;
  /** What else it does as an epoch begins, before it submits. */
  readonly act?: ((world: World, node: NodeAgent) => void) | undefined;
}

export interface NodeAgent {
  /** Stands for it in chances; its nodes come and go. */
  readonly index: number;
  readonly owner: ModelAccount;
  readonly operator: ModelAccount;
  /** The one that runs now. */
  nodeId: number;
  readonly formerIds: number[];
  behaviour: NodeBehaviour;
  /** Several nodes on one machine share its cost. */
  machines: number;
}

export type Reaction = "accept" | "dispute" | "move";

export interface OwnerBehaviour {
  /** Keeps the project's credit. */
  readonly fund: (world: World, owner: OwnerAgent) => void;
  /** What the owner makes of a counted receipt. `dispute` also moves away from the node. */
  readonly check: (world: World, owner: OwnerAgent, receipt: FreshReceipt) => Reaction;
  /** Whether the owner keeps its nodes when it disputes. */
  readonly staysAfterDispute: boolean;
  /** What else the owner does as an epoch begins, before nodes submit. */
  readonly act?: ((world: World, owner: OwnerAgent) => void) | undefined;
  /** What the owner does as an epoch ends, after it was served. */
  readonly actAfter?: ((world: World, owner: OwnerAgent) => void) | undefined;
}

export interface OwnerAgent {
  readonly index: number;
  readonly account: ModelAccount;
  /** The project that runs now; it changes when one closes and the next begins. */
  projectId: bigint;
  behaviour: OwnerBehaviour;
  /** Nodes that this owner does not choose again. */
  readonly avoids: Set<number>;
}

export interface ArbiterBehaviour {
  /** The verdict on a receipt; undefined: not now. */
  readonly decide: (world: World, receipt: Disputed) => boolean | undefined;
}

export interface Disputed {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  readonly openedIn: number;
}

/** One network through its epochs, with everyone who acts in it. */
export interface World {
  readonly assumptions: Assumptions;
  readonly seed: number;
  readonly model: Model;
  epoch: number;
  readonly nodes: NodeAgent[];
  readonly owners: OwnerAgent[];
  arbiter: ArbiterBehaviour;
  /** More that happens as an epoch begins: outsiders, admins, thieves. */
  readonly hooks: ((world: World) => void)[];
  /** Requests that an outsider sends beyond the real ones: a multiple of the project's median, by project and node. */
  floodOf: (projectId: bigint, nodeId: number) => number;
  /** Who pays for the floods. */
  flooder: ModelAccount | undefined;
  /** Whether traffic comes at all; not while a world winds down. */
  isOpen: boolean;
  /** By `receiptKey`: what was really served, of recent epochs. */
  readonly served: Map<string, Served>;
  readonly claimedUsage: Map<string, Usage>;
  readonly fresh: FreshReceipt[];
  readonly openDisputes: Disputed[];
  /** What everyone gained or spent outside the contracts, in USD. */
  readonly outside: Map<ModelAccount, number>;
  /** What was served without a seat in its epoch, by the prices of the epoch, in base units: nobody can charge it. */
  unseated: bigint;
  /** All that was ever minted, in base units. */
  minted: bigint;
  /** Makes a call on the model; its gas is the caller's. */
  act(action: ModelAction): ModelOutcome;
  /** Books a gain, or with a minus a cost, outside the contracts, in USD. */
  book(account: ModelAccount, amountUsd: number): void;
}
