import {
  ContractError,
  type NetworkWriter,
  nodes,
  projectRegistryAbi,
  projects,
  REGIONS,
  type Region,
  regionMask,
  settlement,
} from "@worker3/sdk";
import type { Address } from "viem";
import { checkBalance } from "../../chain/checkBalance.ts";
import { checkFirstDeposit } from "./checkCredit.ts";
import { checkGas, type FirstCall } from "./checkGas.ts";
import type { DeployOptions } from "./options.ts";

/** How a project comes to be. */
export interface FirstPlan {
  readonly kind: "first";
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  /** How many seats would be filled if they were drawn now. */
  readonly seats: number;
  /** Cap x seats. */
  readonly budget: bigint;
  /** Named by hand, or drawn; undefined where `deploy` of the contract decides. */
  readonly terms:
    | { readonly nodeIds: readonly number[] }
    | { readonly count: number; readonly regions: readonly Region[] }
    | undefined;
  /** About, in wei. */
  readonly gasCost: bigint;
  readonly notices: readonly string[];
}

/** What the contract draws when it is not told otherwise. */
const DEFAULT_COUNT = 3;
/** Approval, deposit and a version: measured below 60,000, 90,000 and 60,000. */
const MORE_GAS = 300_000n;

/**
 * Checks everything about a new project that can be checked before money is spent.
 *
 * @throws {CliError} `NO_CREDIT`; {ContractError} What the contracts would refuse: `NAME_TAKEN`, `NAME_RESTING`,
 *   `CAP_OUT_OF_BOUNDS`, `NO_NODES`, `UNKNOWN_NODE`, `NODE_RETIRED`, `INSUFFICIENT_BALANCE`; {TransactionError} `NO_GAS`.
 */
export async function planFirst(
  client: NetworkWriter,
  parameters: { readonly options: DeployOptions; readonly who: Address; readonly cid: string },
): Promise<FirstPlan> {
  const { options, who, cid } = parameters;
  const cap = options.cap ?? (await projects.defaultCap(client));
  const terms = termsOf(options);
  const { seats, notices } =
    terms !== undefined && "nodeIds" in terms
      ? await namedSeats(client, terms.nodeIds)
      : await drawnSeats(client, terms ?? { count: DEFAULT_COUNT, regions: REGIONS });
  const budget = cap * BigInt(seats);
  const call = firstCall(client, { options, terms, cap, cid });
  // The name and the terms before the money: who chose a taken name need not deposit.
  const gasCost = await checkGas(client, { who, call, moreGas: MORE_GAS });
  const notice = checkFirstDeposit(options, { budget, late: client.network.times.late });
  await checkBalance(client, { who, amount: options.deposit });
  return {
    kind: "first",
    cap,
    seats,
    budget,
    terms,
    gasCost,
    notices: notice === undefined ? notices : [...notices, notice],
  };
}

function termsOf({ cap, nodes: nodeIds, replicas, regions }: DeployOptions): FirstPlan["terms"] {
  if (nodeIds !== undefined) return { nodeIds };
  if (cap === undefined && replicas === undefined && regions === undefined) return undefined;
  return { count: replicas ?? DEFAULT_COUNT, regions: regions ?? REGIONS };
}

function firstCall(
  { network }: NetworkWriter,
  {
    options,
    terms,
    cap,
    cid,
  }: { options: DeployOptions; terms: FirstPlan["terms"]; cap: bigint; cid: string },
): FirstCall {
  const contract = { abi: projectRegistryAbi, address: network.contracts.projectRegistry };
  const { domain } = options;
  if (terms === undefined) return { ...contract, functionName: "deploy", args: [domain, cid] };
  const args = "nodeIds" in terms ? [terms.nodeIds] : [terms.count, regionMask(terms.regions)];
  return { ...contract, functionName: "createProject", args: [domain, ...args, Number(cap)] };
}

async function namedSeats(
  client: NetworkWriter,
  nodeIds: readonly number[],
): Promise<{ seats: number; notices: string[] }> {
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
  return { seats: nodeIds.length, notices };
}

/** A draw of now says how many there are; which ones, the block that mines the transaction decides. */
async function drawnSeats(
  client: NetworkWriter,
  { count, regions }: { count: number; regions: readonly Region[] },
): Promise<{ seats: number; notices: string[] }> {
  const drawn = await nodes.draw(client, { count: BigInt(count), regions, seed: BigInt(Date.now()) });
  const few = drawn.length < count ? [`only ${drawn.length} of ${count} nodes take projects now`] : [];
  return { seats: drawn.length, notices: few };
}
