import assert from "node:assert/strict";
import { type Abi, decodeFunctionResult, encodeFunctionData, zeroAddress } from "viem";
import {
  creditEscrowAbi,
  mockUSDAbi,
  nameRegistryAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "../../abi/index.ts";
import type { RequiredContract } from "../../contracts/table.ts";
import {
  availableOf,
  budgetAt,
  currentEpoch,
  isLiftable,
  type Model,
  type ModelProject,
  receiptKey,
  slashLeftOf,
  termsAt,
} from "../../model/index.ts";
import type { ModelChain } from "./createModelChain.ts";

/** A view, and what the model says that it answers. */
interface Expected {
  readonly contract: RequiredContract;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly value: unknown;
  /** What of the answer is compared. */
  readonly pick?: (answer: never) => unknown;
}

const STATUS = { untouched: 0, released: 1, disputed: 2, settled: 3 } as const;

/** How many epochs back receipts and buckets are compared: all of an open life, dispute included. */
const EPOCHS_BACK = 19;

/**
 * Asserts that the contracts hold exactly what the model holds: every balance of the asset, credit, stake, bond, bucket,
 * payable and refund; terms of the recent epochs, rings, names, parameters and the recent receipts.
 *
 * @returns How many values were compared.
 */
export async function compareModel(model: Model, chain: ModelChain, where: string): Promise<number> {
  const expected = [
    ...ofAsset(model, chain),
    ...ofNodes(model, chain),
    ...ofProjects(model, chain),
    ...ofNames(model, chain),
    ...ofSettlement(model, chain),
    ...ofReceipts(model, chain),
  ];
  const answers = await chain.view(
    expected.map(({ contract, ...call }) => ({
      to: chain.network.contracts[contract],
      data: encodeFunctionData(call),
    })),
  );
  expected.forEach(({ value, pick = (answer) => answer, ...call }, i) => {
    const data = answers[i];
    assert.ok(data !== undefined);
    const answer = pick(decodeFunctionResult({ ...call, data }) as never);
    const name = `${call.functionName}(${call.args.join()}) ${where}`;
    assert.deepEqual(answer, value, name);
  });
  return expected.length;
}

function ofAsset(model: Model, { network, accountOf }: ModelChain): Expected[] {
  const balances = [
    ...[...model.wallets].map(([name, amount]) => [accountOf(name).address, amount] as const),
    [network.contracts.creditEscrow, model.escrowTokens] as const,
    [network.contracts.nodeRegistry, model.registryTokens] as const,
  ];
  const escrow = { contract: "creditEscrow", abi: creditEscrowAbi } as const;
  return [
    ...balances.map(
      ([address, value]): Expected => ({
        contract: "asset",
        abi: mockUSDAbi,
        functionName: "balanceOf",
        args: [address],
        value,
      }),
    ),
    { ...escrow, functionName: "held", args: [], value: model.held },
    { ...escrow, functionName: "fees", args: [], value: model.fees },
    ...[...model.wallets.keys()].map(
      (name): Expected => ({
        ...escrow,
        functionName: "refundOf",
        args: [accountOf(name).address],
        value: model.refunds.get(name) ?? 0n,
      }),
    ),
  ];
}

function ofNodes(model: Model, { accountOf }: ModelChain): Expected[] {
  const settlement = { contract: "usageSettlement", abi: usageSettlementAbi } as const;
  const now = currentEpoch(model);
  return model.nodes.flatMap((node): Expected[] => [
    {
      contract: "nodeRegistry",
      abi: nodeRegistryAbi,
      functionName: "nodeOf",
      args: [node.nodeId],
      value: {
        owner: accountOf(node.owner).address,
        operator: accountOf(node.operator).address,
        stake: node.stake,
        thawing: node.thawing,
        thawEpoch: node.thawEpoch,
        retiredFrom: node.retiredFrom,
        isLiftable: isLiftable(model, node),
        presentUntil: node.presentUntil,
        leastCap: Number(node.leastCap),
        slashLeft: slashLeftOf(model, node),
        region: node.region,
      },
      pick: ({ pendingOwner: _, endpoint: __, ...rest }: Record<string, unknown>) => rest,
    },
    {
      ...settlement,
      functionName: "payableOf",
      args: [node.nodeId],
      value: [node.payable.amount, node.payable.fee],
    },
    ...recent(now).map((epoch): Expected => {
      const { pending, feeBps } = node.buckets.get(epoch) ?? { pending: 0n, feeBps: 0 };
      return { ...settlement, functionName: "pending", args: [node.nodeId, epoch], value: [pending, feeBps] };
    }),
  ]);
}

function ofProjects(model: Model, { accountOf }: ModelChain): Expected[] {
  const epoch = currentEpoch(model);
  return model.projects.flatMap((project): Expected[] => {
    const { projectId, credit } = project;
    const escrow = { contract: "creditEscrow", abi: creditEscrowAbi, args: [projectId] } as const;
    const registry = { contract: "projectRegistry", abi: projectRegistryAbi } as const;
    return [
      { ...escrow, functionName: "accountOf", value: { ...credit } },
      { ...escrow, functionName: "available", value: availableOf(model, project) },
      ...[epoch, epoch + 1].map(
        (at): Expected => ({
          ...registry,
          functionName: "budgetAt",
          args: [projectId, at],
          value: budgetAt(model, project, at),
        }),
      ),
      ...recent(epoch).map(
        (at): Expected => ({
          ...registry,
          functionName: "termsWords",
          args: [[projectId], at],
          value: [termsAt(project, at)],
        }),
      ),
      {
        ...registry,
        functionName: "recordOf",
        args: [projectId],
        value: {
          owner: BigInt(accountOf(project.owner).address),
          domains: BigInt(project.domains),
          isClosed: project.closedFrom === 0 ? 0n : 1n,
          refill: refillRule(project),
          terms: project.terms,
          meter: project.meter === undefined ? zeroAddress : accountOf(project.meter).address,
          closedFrom: project.closedFrom,
          pendingOwner:
            project.pendingOwner === undefined ? zeroAddress : accountOf(project.pendingOwner).address,
        },
        pick: ({ head, terms, meter, closedFrom, pendingOwner }: RecordAnswer) => ({
          owner: BigInt.asUintN(160, head),
          domains: BigInt.asUintN(8, head >> 224n),
          isClosed: BigInt.asUintN(1, head >> 232n),
          refill: (head >> 234n) ^ DEFAULT_REFILL,
          terms,
          meter,
          closedFrom,
          pendingOwner,
        }),
      },
      {
        contract: "usageSettlement",
        abi: usageSettlementAbi,
        functionName: "ringOf",
        args: [projectId],
        value: project.ring,
      },
    ];
  });
}

/** What of a record is compared; its versions are not modelled. */
interface RecordAnswer {
  readonly head: bigint;
  readonly terms: bigint;
  readonly meter: string;
  readonly closedFrom: number;
  readonly pendingOwner: string;
}

/** `regionMask 9 | seats 4 | pinHome 1 | chosen 1`; in a head it stands as its difference from the default. */
function refillRule({ refill: { regionMask, seats, pinHome, isChosen } }: ModelProject): bigint {
  return BigInt(regionMask | (seats << 9) | (pinHome ? 1 << 13 : 0) | (isChosen ? 1 << 14 : 0));
}

const DEFAULT_REFILL = BigInt(0x1ff | (3 << 9) | (1 << 13));

/** Whose each name of the zone is, and where deployments to domains outside it go. */
function ofNames(model: Model, { network, accountOf }: ModelChain): Expected[] {
  const registry = { contract: "nameRegistry", abi: nameRegistryAbi } as const;
  const names = [...model.names].map(
    ([label, { projectId, noticedAt }]): Expected => ({
      ...registry,
      functionName: "standingOf",
      args: [`${label}.${network.zone}`],
      value: { projectId, noticedAt },
      pick: ([, , projectId, , noticedAt]: readonly unknown[]) => ({ projectId, noticedAt }),
    }),
  );
  const targets = [...model.targets].map(([key, projectId]): Expected => {
    const [domain = "", who = ""] = key.split("/");
    const project = model.projects[Number(projectId) - 1];
    const isTheirs = project?.owner === who && project.closedFrom === 0 && project.claims.has(domain);
    return {
      ...registry,
      functionName: "projectAt",
      args: [domain, accountOf(who).address],
      value: isTheirs ? projectId : 0n,
    };
  });
  return [...names, ...targets];
}

function ofSettlement(model: Model, { accountOf }: ModelChain): Expected[] {
  const { arbiter, slashFactor, rewardFactor, ...amounts } = model.disputeParameters;
  const settlement = { contract: "usageSettlement", abi: usageSettlementAbi, args: [] } as const;
  return [
    {
      ...settlement,
      functionName: "parameters",
      value: {
        ...amounts,
        slashFactor: Number(slashFactor),
        rewardFactor: Number(rewardFactor),
        arbiter: accountOf(arbiter).address,
      },
    },
    { ...settlement, functionName: "decisionsSuspendedUntil", value: model.decisionsSuspendedUntil },
  ];
}

function ofReceipts(model: Model, { accountOf }: ModelChain): Expected[] {
  const named = model.nodes.flatMap(({ nodeId }) =>
    model.projects.flatMap(({ projectId }) =>
      recent(currentEpoch(model)).map((epoch) => ({
        args: [projectId, nodeId, epoch] as const,
        receipt: model.receipts.get(receiptKey(projectId, nodeId, epoch)),
      })),
    ),
  );
  return named.flatMap(({ args, receipt }) => {
    if (receipt === undefined || receipt.status === "untouched") return [];
    const { dispute } = receipt;
    const value = {
      status: STATUS[receipt.status],
      openedIn: dispute?.openedIn ?? 0,
      extended: dispute?.isExtended ?? false,
      disputer: dispute === undefined ? zeroAddress : accountOf(dispute.disputer).address,
      bond: dispute?.bond ?? 0n,
      amount: dispute === undefined ? 0n : receipt.amount,
      feeBps: dispute?.feeBps ?? 0,
    };
    return [
      {
        contract: "usageSettlement",
        abi: usageSettlementAbi,
        functionName: "statusOf",
        args,
        value,
        pick: ({ batchHash: _, ...rest }: Record<string, unknown>) => rest,
      } as const,
    ];
  });
}

function recent(now: number): number[] {
  const first = Math.max(0, now - EPOCHS_BACK);
  return Array.from({ length: now - first }, (_, i) => first + i);
}
