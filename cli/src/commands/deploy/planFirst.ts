import {
  ContractError,
  type NetworkWriter,
  nodes,
  projects,
  REGIONS,
  type Region,
  settlement,
} from "@worker3/sdk";
import type { Address } from "viem";
import { checkFirstDeposit } from "./checkCredit.ts";
import { checkGas } from "./checkGas.ts";
import type { DeployOptions } from "./options.ts";
import { checkDeposit } from "./payDeposit.ts";

/** How a project comes to be. */
export interface FirstPlan {
  readonly kind: "first";
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  readonly deployment: projects.Deployment;
  /** The project on chosen terms; undefined where `deploy` of the contract makes it, and decides. */
  readonly create: projects.NewProject | undefined;
  /** Those that were named; else those that would be drawn now. */
  readonly nodeIds: readonly number[];
  /** Cap x seats, as many as there are nodes. */
  readonly budget: bigint;
  /** About, in wei. */
  readonly gasCost: bigint;
  readonly notices: readonly string[];
}

/** What the contract draws when it is not told otherwise. */
const DEFAULT_COUNT = 3;
/** Approval, deposit and a version: measured below 60,000, 90,000 and 60,000. */
const MORE_GAS = 300_000n;
/** Anybody may make a project: where nobody is known who pays, the chain is asked as if this account did. */
export const STAND_IN: Address = "0x000000000000000000000000000000000000dEaD";

/**
 * Checks everything about a new project that can be checked before money is spent; without an account all but its balances.
 *
 * @throws {CliError} `NO_CREDIT`; {ContractError} What the contracts would refuse: `NAME_TAKEN`, `NAME_RESTING`,
 *   `CAP_OUT_OF_BOUNDS`, `NO_NODES`, `UNKNOWN_NODE`, `NODE_RETIRED`, `INSUFFICIENT_BALANCE`; {TransactionError} `NO_GAS`.
 */
export async function planFirst(
  client: NetworkWriter,
  parameters: { readonly options: DeployOptions; readonly who: Address | undefined; readonly cid: string },
): Promise<FirstPlan> {
  const { options, who, cid } = parameters;
  const cap = options.cap ?? (await projects.defaultCap(client));
  const deployment = { domain: options.domain, cid };
  const create = projectOn(options, cap);
  const { nodeIds, notices } =
    create?.nodeIds === undefined
      ? await drawnSeats(client, create ?? { count: DEFAULT_COUNT, regions: REGIONS })
      : await namedSeats(client, create.nodeIds);
  const budget = cap * BigInt(nodeIds.length);
  const call =
    create === undefined
      ? projects.deploy.call(client, deployment)
      : projects.createProject.call(client, create);
  // The name and the terms before the money: who chose a taken name need not deposit.
  const gasCost = await checkGas(client, {
    who: who ?? STAND_IN,
    isStandIn: who === undefined,
    call,
    moreGas: MORE_GAS,
  });
  const notice = checkFirstDeposit(options, { budget, late: client.network.times.late });
  if (who !== undefined) {
    // Its number, unless somebody else makes a project in the meantime: for a look ahead that is good enough.
    const projectId = BigInt(await projects.projectCount(client)) + 1n;
    await checkDeposit(client, { projectId, amount: options.deposit, after: [call] });
  }
  return {
    kind: "first",
    cap,
    deployment,
    create,
    nodeIds,
    budget,
    gasCost,
    notices: notice === undefined ? notices : [...notices, notice],
  };
}

/** The project on the terms that were chosen: on named nodes, or on drawn ones; undefined where none were. */
function projectOn(options: DeployOptions, cap: bigint): projects.NewProject | undefined {
  const { domain, nodes: nodeIds, replicas, regions } = options;
  if (nodeIds !== undefined) return { domain, cap, nodeIds };
  if (options.cap === undefined && replicas === undefined && regions === undefined) return undefined;
  return { domain, cap, count: replicas ?? DEFAULT_COUNT, regions: regions ?? REGIONS };
}

interface Seats {
  readonly nodeIds: readonly number[];
  readonly notices: string[];
}

async function namedSeats(client: NetworkWriter, nodeIds: readonly number[]): Promise<Seats> {
  const [found, epoch] = await Promise.all([
    nodes.readNodes(client, { nodeIds }),
    settlement.currentEpoch(client),
  ]);
  const notices: string[] = [];
  for (const [index, node] of found.entries()) {
    const nodeId = nodeIds[index] ?? 0;
    if (node === undefined) {
      const message = `There is no node ${nodeId}.`;
      throw new ContractError({
        code: "UNKNOWN_NODE",
        message,
        value: String(nodeId),
        next: "name another node",
      });
    }
    if (node.retiredFrom === undefined && (node.acceptingUntil === 0 || node.acceptingUntil < epoch)) {
      notices.push(`node ${nodeId} takes no new projects by itself; it may refuse this one`);
    }
  }
  return { nodeIds, notices };
}

/** A draw of now says how many there are; which ones, the block that mines the transaction decides. */
async function drawnSeats(
  client: NetworkWriter,
  { count, regions }: { count: number; regions: readonly Region[] },
): Promise<Seats> {
  const drawn = await nodes.draw(client, { count: BigInt(count), regions, seed: BigInt(Date.now()) });
  const few = drawn.length < count ? [`only ${drawn.length} of ${count} nodes take projects now`] : [];
  return { nodeIds: drawn, notices: few };
}
