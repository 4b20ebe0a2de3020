import {
  ContractError,
  contractError,
  encodeCall,
  escrow,
  formatAmount,
  type NetworkWriter,
  projects,
  settlement,
} from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { pricesNow } from "../../chain/prices.ts";
import { argument, defineCommand, option } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { nodeIds as parseNodeIds } from "../../inputs/list.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";
import { reserveOf, reserveText } from "../deploy/reserve.ts";

/** `worker3 project grow P --cap A --nodes 4,5` */
export const grow = defineCommand({
  name: "grow",
  summary: "gives a project a higher cap and more nodes at once",
  description:
    "Gives a project a higher cap, nodes in its empty seats, or both, from the running epoch on: the nodes serve within seconds. Nothing is taken away by it; what is set for the next epoch gets the same. A lower cap, other nodes and another home count from the next epoch: worker3 project cap, worker3 project nodes.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    cap: option("--cap <amount>", "what one node may charge in one epoch; not less than now", positiveAmount),
    nodes: option("--nodes <ids>", "node ids between commas, for empty seats behind the home", parseNodeIds),
  },
  examples: [
    "worker3 project grow shop.worker3.dev --cap 0.5",
    "worker3 project grow 7 --cap 0.5 --nodes 4,5 --yes",
  ],
  async run(context, { project: ref, cap: wanted, nodes: added = [] }) {
    if (wanted === undefined && added.length === 0) {
      throw new UsageError({
        message: "What shall grow? Neither a cap nor nodes are named.",
        next: "add --cap <amount>, --nodes <ids>, or both",
      });
    }
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const epoch = await settlement.currentEpoch(client);
    const now = await projects.termsAt(client, { projectId, epoch });
    const before = now.nodeIds.filter((nodeId) => nodeId !== 0);
    const cap = wanted ?? now.cap;
    const growth = { projectId, cap, nodeIds: added };
    // Before anything is asked: what the nodes take, their stake, the credit.
    await checkGrowth(client, growth);
    const seats = before.length + added.length;
    const terms = { cap, seats, late: client.network.times.late };
    context.note(reserveText(terms, await pricesNow(client)));
    const what = [
      ...(cap === now.cap ? [] : [`a cap of ${usd(cap)} instead of ${usd(now.cap)}`]),
      ...(added.length === 0 ? [] : [`the nodes ${added.join(", ")} beside ${before.join(", ") || "none"}`]),
    ].join(" and ");
    await context.confirm(`Give project ${projectId} ${what}, from now on?`, {
      cost: `at most ${usd(cap * BigInt(seats))} an epoch, this one too`,
    });
    using progress = context.progress("Waiting for the transaction");
    const { txHash, fromEpoch, blockNumber } = await projects.grow(client, { ...growth, ...context.writes });
    const grown = await projects.termsAt(client, { projectId, epoch: fromEpoch, at: blockNumber });
    progress.done();
    const from = epochTime(client.network.times, fromEpoch);
    const nodeIds = grown.nodeIds.filter((nodeId) => nodeId !== 0);
    const reserved = reserveOf({ ...terms, seats: nodeIds.length });
    context.out(
      { projectId, cap: grown.cap, nodeIds, added, fromEpoch, from, reserved, txHash },
      `Project ${projectId} has the nodes ${nodeIds.join(", ")} with a cap of ${usd(grown.cap)}, from this epoch (${fromEpoch}) on. ${usd(reserved)} of its credit is reserved.`,
    );
  },
});

/** @throws {ContractError} What the contract would refuse with; where credit is missing, with how much. */
async function checkGrowth(client: NetworkWriter, growth: projects.Growth): Promise<void> {
  const { account } = client.walletClient;
  try {
    await client.publicClient.call({ account, ...encodeCall(projects.grow.call(client, growth)) });
  } catch (cause) {
    const error = contractError(cause);
    if (!(error instanceof ContractError) || error.code !== "TOO_LITTLE_AVAILABLE") throw error;
    throw await shortError(client, growth, error);
  }
}

async function shortError(
  client: NetworkWriter,
  { projectId, cap, nodeIds }: projects.Growth,
  { code, message, value, cause }: ContractError,
): Promise<ContractError> {
  const epoch = await settlement.currentEpoch(client);
  const [available, charging] = await Promise.all([
    escrow.available(client, { projectId }),
    projects.chargeableSeats(client, { projectId, epoch }),
  ]);
  const needed = cap * BigInt(charging.seats.length + nodeIds.length);
  const missing = needed > available ? needed - available : 0n;
  const next =
    missing === 0n
      ? `worker3 credit deposit ${projectId} <amount>`
      : `worker3 credit deposit ${projectId} ${formatAmount(missing)}, which is missing, then again`;
  return new ContractError({ code, message, value, next, cause });
}
