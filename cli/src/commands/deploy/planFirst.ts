import { type NetworkWriter, nodes, type Prices, projects, REGIONS } from "@worker3/sdk";
import type { Address } from "viem";
import { foreseenDraw } from "../../chain/foreseenDraw.ts";
import { pricesNow } from "../../chain/prices.ts";
import { checkFirstDeposit } from "./checkFirstDeposit.ts";
import { checkGas } from "./checkGas.ts";
import type { DeployOptions } from "./options.ts";
import { checkDepositAt } from "./payDeposit.ts";
import { defaultDeposit, type Terms } from "./reserve.ts";

/** A project on terms that were chosen. */
export type Creation =
  | { readonly on: "drawn"; readonly project: projects.DrawnProject }
  | { readonly on: "named"; readonly project: projects.NamedProject };

/** How a project comes to be. Amounts in base units. */
export interface FirstPlan {
  readonly kind: "first";
  readonly deployment: projects.Deployment;
  /** The project on chosen terms; undefined where `deploy` of the contract makes it, and decides. */
  readonly create: Creation | undefined;
  /** Those that were named; else those that would be drawn now. */
  readonly nodeIds: readonly number[];
  /** With as many seats as there are nodes. */
  readonly terms: Terms;
  /** What all seats may charge in one epoch. */
  readonly budget: bigint;
  /** What is paid into its credit: as was said, or what lasts. */
  readonly deposit: bigint;
  readonly prices: Prices;
  /** About, in wei. */
  readonly gasCost: bigint;
  readonly notices: readonly string[];
}

/** What the contract draws when it is not told otherwise. */
const DEFAULT_COUNT = 3;
/** Approval, deposit and a version: measured below 60,000, 100,000 and 60,000. */
const MORE_GAS = 300_000n;
/** Anybody may make a project: where nobody is known who pays, the chain is asked as if this account did. */
export const STAND_IN: Address = "0x000000000000000000000000000000000000dEaD";

/**
 * Checks everything about a new project that can be checked before money is spent; without an account all but its balances.
 *
 * @throws {CliError} `NO_CREDIT`; {ContractError} What the contracts would refuse: `NAME_TAKEN`, `NAME_RESTING`,
 *   `CAP_OUT_OF_BOUNDS`, `NO_NODES`, `UNKNOWN_NODE`, `NODE_RETIRED`, `NODE_ABSENT`, `CAP_BELOW_LEAST`,
 *   `STAKE_TOO_SMALL_FOR_CAP`, `INSUFFICIENT_BALANCE`; {TransactionError} `NO_GAS`.
 */
export async function planFirst(
  client: NetworkWriter,
  parameters: { readonly options: DeployOptions; readonly who: Address | undefined; readonly cid: string },
): Promise<FirstPlan> {
  const { options, who, cid } = parameters;
  const { domain } = options;
  const cap = options.cap ?? (await projects.defaultCap(client));
  const deployment = { domain, cid };
  const create = creationOf(options, cap);
  const call = firstCall(client, { deployment, create });
  // The name and the terms before the money: who chose a taken name need not deposit.
  const costing = checkGas(client, {
    who: who ?? STAND_IN,
    isStandIn: who === undefined,
    call,
    moreGas: MORE_GAS,
  });
  const asking = Promise.all([seatsOf(client, { create, cap }), pricesNow(client)]);
  asking.catch(() => undefined); // told in its turn
  const gasCost = await costing;
  const [{ nodeIds, notices }, prices] = await asking;
  const terms = { cap, seats: nodeIds.length, late: client.network.times.late };
  const deposit = options.deposit ?? defaultDeposit(terms);
  const notice = checkFirstDeposit(options, { deposit, terms });
  if (who !== undefined) await checkDepositAt(client, { domain, owner: who, amount: deposit, after: [call] });
  return {
    kind: "first",
    deployment,
    create,
    nodeIds,
    terms,
    budget: cap * BigInt(nodeIds.length),
    deposit,
    prices,
    gasCost,
    notices: notice === undefined ? notices : [...notices, notice],
  };
}

/** The transaction that makes the project. */
function firstCall(client: NetworkWriter, { deployment, create }: Pick<FirstPlan, "deployment" | "create">) {
  if (create === undefined) return projects.deploy.call(client, deployment);
  return create.on === "named"
    ? projects.createProjectOn.call(client, create.project)
    : projects.createProject.call(client, create.project);
}

/** The project on the terms that were chosen: on named nodes, or on drawn ones; undefined where none were. */
function creationOf(options: DeployOptions, cap: bigint): Creation | undefined {
  const { domain, nodes: nodeIds, replicas, regions } = options;
  if (nodeIds !== undefined) return { on: "named", project: { domain, cap, nodeIds } };
  if (options.cap === undefined && replicas === undefined && regions === undefined) return undefined;
  const project = { domain, cap, count: replicas ?? DEFAULT_COUNT, regions: regions ?? REGIONS };
  return { on: "drawn", project };
}

/** Those that were named; else a draw of now: which ones it will be, the block that mines the transaction decides. */
async function seatsOf(
  client: NetworkWriter,
  { create, cap }: { readonly create: Creation | undefined; readonly cap: bigint },
): Promise<{ readonly nodeIds: readonly number[]; readonly notices: readonly string[] }> {
  if (create?.on === "named") return { nodeIds: create.project.nodeIds, notices: [] };
  const { count, regions } = create?.project ?? { count: DEFAULT_COUNT, regions: REGIONS };
  const question = { count: BigInt(count), regions, seed: BigInt(Date.now()), cap };
  const [nodeIds, foreseen] = await Promise.all([nodes.draw(client, question), foreseenDraw(client)]);
  const few =
    nodeIds.length < count
      ? [`only ${nodeIds.length} of ${count} nodes take projects with this cap now`]
      : [];
  return { nodeIds, notices: [...few, ...(foreseen === undefined ? [] : [foreseen])] };
}
