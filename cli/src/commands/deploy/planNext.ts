import {
  escrow,
  lens,
  missingCredit,
  type NetworkWriter,
  noCreditError,
  type Prices,
  projects,
} from "@worker3/sdk";
import type { Address } from "viem";
import { pricesNow } from "../../chain/prices.ts";
import { usd } from "../../text/usd.ts";
import { checkGas } from "./checkGas.ts";
import type { DeployOptions } from "./options.ts";
import { checkDeposit } from "./payDeposit.ts";

/** How a project that is there gets its next version. */
export interface NextPlan {
  readonly kind: "next";
  readonly project: lens.Project;
  readonly addition: projects.NewVersion;
  /** Those that have a seat. */
  readonly nodeIds: readonly number[];
  /** The version that has this content and is active already: no new one is made. */
  readonly unchanged: number | undefined;
  /** The credit that may be counted on, before a deposit. */
  readonly available: bigint;
  /** What all seats may charge in one epoch. */
  readonly budget: bigint;
  /** What has to be paid for the project to be served on; 0 where its credit is enough. */
  readonly advisedDeposit: bigint;
  /** What is paid into its credit, in base units. */
  readonly deposit: bigint;
  readonly prices: Prices;
  /** About, in wei. */
  readonly gasCost: bigint;
  readonly notices: readonly string[];
}

/** Approval and deposit. */
const DEPOSIT_GAS = 200_000n;

/**
 * Checks everything about a next version that can be checked before money is spent; without an account all but its balances, as the
 * owner would be answered.
 *
 * @throws {Worker3Error} `NO_CREDIT`; {ContractError} What the contract would refuse: `NOT_DEPLOYER`, `PROJECT_CLOSED`;
 *   `INSUFFICIENT_BALANCE`; {TransactionError} `NO_GAS`.
 */
export async function planNext(
  client: NetworkWriter,
  parameters: {
    readonly options: DeployOptions;
    readonly projectId: bigint;
    readonly who: Address | undefined;
    readonly cid: string;
  },
): Promise<NextPlan> {
  const { options, projectId, who, cid } = parameters;
  const { deposit = 0n } = options;
  const addition = { projectId, cid, live: !options.propose };
  const call = projects.addVersion.call(client, addition);
  // Asked at once, as each answer is a way to the RPC and back; told in this order.
  const finding = asked(lens.projectOf(client, { projectId }));
  const payer = async (): Promise<Address> => who ?? (await finding).owner;
  const costing = asked(
    payer().then((address) =>
      checkGas(client, {
        who: address,
        isStandIn: who === undefined,
        call,
        moreGas: deposit > 0n ? DEPOSIT_GAS : 0n,
      }),
    ),
  );
  const crediting = asked(
    Promise.all([
      escrow.available(client, { projectId }),
      projects.readBudgets(client, { projectId }),
      escrow.accountOf(client, { projectId }),
    ]),
  );
  const pricing = asked(pricesNow(client));
  const balancing =
    who === undefined ? undefined : asked(checkDeposit(client, { projectId, amount: options.deposit }));
  const project = await finding;
  const reading = asked(activeOf(client, project));
  const gasCost = await costing;
  const [available, { budget: now, nextBudget }, { balance, thawing }] = await crediting;
  // Whoever comes with the next epoch begins to fetch in this one.
  const budget = now > nextBudget ? now : nextBudget;
  const { late } = client.network.times;
  const credit = { projectId, available, budget, free: balance - thawing, thawing, late };
  const isShort = available + deposit < budget;
  // Who only asks what it costs need not know it before.
  if (isShort && !(options.dryRun && options.deposit === undefined)) {
    throw noCreditError(credit);
  }
  await balancing;
  const active = await reading;
  return {
    kind: "next",
    project,
    addition,
    nodeIds: project.nodeIds.filter((nodeId) => nodeId !== 0),
    unchanged: active?.cid === cid ? project.active : undefined,
    deposit,
    prices: await pricing,
    gasCost,
    available,
    budget,
    advisedDeposit: isShort ? missingCredit(credit) : 0n,
    notices: [
      ...(isShort ? [`${noCreditError(credit).message} Without --deposit it would be refused`] : []),
      ...differences(options, project),
    ],
  };
}

/** The version that is served; undefined where none is. */
async function activeOf(
  client: NetworkWriter,
  { projectId, active }: lens.Project,
): Promise<{ readonly cid: string } | undefined> {
  return active === 0 ? undefined : lens.versionOf(client, { projectId, version: active });
}

/** An answer that is waited for later: that it is no is told then. */
function asked<value>(answer: Promise<value>): Promise<value> {
  answer.catch(() => undefined);
  return answer;
}

/** A script runs the same line every time: what was for the first time is not changed by it, and not refused. */
function differences(options: DeployOptions, { projectId, cap, nodeIds }: lens.Project): string[] {
  const taken = nodeIds.filter((nodeId) => nodeId !== 0);
  const notices: string[] = [];
  if (options.cap !== undefined && options.cap !== cap) {
    const more = options.cap > cap ? `, or at once: worker3 project grow ${projectId} --cap <amount>` : "";
    notices.push(
      `--cap is for a new project; this one has ${usd(cap)}: worker3 project cap ${projectId} <amount>${more}`,
    );
  }
  const { nodes = taken, replicas = taken.length } = options;
  if (nodes.join() !== taken.join() || replicas !== taken.length) {
    notices.push(
      `the nodes are chosen once; this project has ${taken.join(", ")}: worker3 project nodes ${projectId}`,
    );
  }
  return notices;
}
