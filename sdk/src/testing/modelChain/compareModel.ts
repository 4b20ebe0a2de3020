import assert from "node:assert/strict";
import { type Abi, decodeFunctionResult, encodeFunctionData, zeroAddress } from "viem";
import {
  creditEscrowAbi,
  mockUSDAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "../../abi/index.ts";
import type { RequiredContract } from "../../contracts/table.ts";
import { availableOf, budgetOf, currentEpoch, type Model, receiptKey } from "../../model/index.ts";
import { unpackTerms } from "../../protocol/terms.ts";
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
const EPOCHS_BACK = 14;

/**
 * Asserts that the contracts hold exactly what the model holds: every balance of the asset, credit, stake, bond, bucket,
 * payable and refund; terms, rings and the recent receipts.
 *
 * @returns How many values were compared.
 */
export async function compareModel(model: Model, chain: ModelChain, where: string): Promise<number> {
  const expected = [
    ...ofAsset(model, chain),
    ...ofNodes(model, chain),
    ...ofProjects(model, chain),
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
        acceptingUntil: node.acceptingUntil,
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
  return model.projects.flatMap((project): Expected[] => {
    const { projectId, credit } = project;
    const { nodeIds, cap, fromEpoch } = unpackTerms(project.terms);
    const escrow = { contract: "creditEscrow", abi: creditEscrowAbi, args: [projectId] } as const;
    return [
      { ...escrow, functionName: "accountOf", value: { ...credit } },
      { ...escrow, functionName: "available", value: availableOf(model, project) },
      {
        contract: "projectRegistry",
        abi: projectRegistryAbi,
        functionName: "budgetOf",
        args: [projectId],
        value: budgetOf(model, project),
      },
      {
        contract: "projectRegistry",
        abi: projectRegistryAbi,
        functionName: "projectOf",
        args: [projectId],
        value: {
          owner: accountOf(project.owner).address,
          meter: project.meter === undefined ? zeroAddress : accountOf(project.meter).address,
          nodeIds: [...nodeIds],
          cap: Number(cap),
          fromEpoch,
          closedFrom: project.closedFrom,
          ...project.refill,
        },
        pick: (answer: Record<string, unknown>) => {
          const { owner, meter, nodeIds, cap, fromEpoch, closedFrom, seats, regionMask, pinHome } = answer;
          return { owner, meter, nodeIds, cap, fromEpoch, closedFrom, seats, regionMask, pinHome };
        },
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
      } as const,
    ];
  });
}

function recent(now: number): number[] {
  const first = Math.max(0, now - EPOCHS_BACK);
  return Array.from({ length: now - first }, (_, i) => first + i);
}
