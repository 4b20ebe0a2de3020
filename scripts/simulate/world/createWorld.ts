import { applyAction, createModel, moveToEpoch } from "@worker3/sdk/model";
import { type Assumptions, PROTOCOL, usd } from "../assumptions.ts";
import type { TimedAction } from "../TimedAction.ts";
import { letRefill } from "./churn.ts";
import { honestArbiter } from "./honestArbiter.ts";
import { enlist, honestNode } from "./honestNode.ts";
import { honestOwner } from "./honestOwner.ts";
import type { NodeAgent, OwnerAgent, World } from "./World.ts";

/** What everyone begins with. */
export const PURSE_USD = 100_000;
/** Accounts that only strategies use: in honest worlds their money lies idle. */
export const EXTRA_ACCOUNTS = ["outsider", "thief", "other self"] as const;
export const FIRST_EPOCH = 1;

export interface CreateWorldParameters {
  readonly assumptions: Assumptions;
  readonly seed: number;
  /** Calls are written down here, with their times. */
  readonly log?: TimedAction[] | undefined;
}

/** A network with its nodes and projects in its first epoch, everyone honest. */
export function createWorld({ assumptions, seed, log }: CreateWorldParameters): World {
  const model = createModel(PROTOCOL);
  const world: World = {
    assumptions,
    seed,
    model,
    epoch: FIRST_EPOCH,
    nodes: [],
    owners: [],
    arbiter: honestArbiter,
    hooks: [],
    floodOf: () => 0,
    flooder: undefined,
    isOpen: true,
    served: new Map(),
    claimedUsage: new Map(),
    fresh: [],
    openDisputes: [],
    outside: new Map(),
    unseated: 0n,
    minted: 0n,
    act(action) {
      const outcome = applyAction(model, action);
      log?.push({ action, sinceGenesisSeconds: model.nowSeconds - model.times.genesis });
      model.nowSeconds += 1;
      if (action.kind === "mint") world.minted += action.amount;
      else world.book(action.by, -assumptions.gasUsdPerCall);
      return outcome;
    },
    book(account, amountUsd) {
      world.outside.set(account, (world.outside.get(account) ?? 0) + amountUsd);
    },
  };
  moveToEpoch(model, FIRST_EPOCH);

  const fund = (by: string) => world.act({ kind: "mint", by, amount: usd(PURSE_USD) });
  for (const account of EXTRA_ACCOUNTS) fund(account);
  for (let index = 1; index <= assumptions.nodes; index++) {
    const agent = nodeAgent(index, nodeOwner(index));
    fund(agent.owner);
    world.nodes.push(agent);
    enlist(world, agent);
  }
  for (let index = 1; index <= assumptions.projects; index++) {
    fund(projectOwner(index));
    world.owners.push(foundProject(world, index));
  }
  return world;
}

export const nodeOwner = (index: number): string => `node owner ${index}`;
export const projectOwner = (index: number): string => `project owner ${index}`;

/** An honest node's agent, whose node is not registered yet. */
export function nodeAgent(index: number, owner: string): NodeAgent {
  return {
    index,
    owner,
    operator: `operator of ${owner} ${index}`,
    nodeId: 0,
    formerIds: [],
    behaviour: honestNode,
    machines: 1,
  };
}

/** Seats are dealt in turn, so that every node begins with as many. */
function foundProject(world: World, index: number): OwnerAgent {
  const { nodes, seats, capUsd } = world.assumptions;
  const nodeIds = Array.from({ length: seats }, (_, seat) => 1 + ((index * seats + seat) % nodes));
  const account = projectOwner(index);
  world.act({ kind: "createProject", by: account, domain: `site-${index}-0`, nodeIds, cap: usd(capUsd) });
  const projectId = BigInt(world.model.projects.length);
  const owner: OwnerAgent = { index, account, projectId, behaviour: honestOwner, avoids: new Set() };
  letRefill(world, owner);
  return owner;
}
