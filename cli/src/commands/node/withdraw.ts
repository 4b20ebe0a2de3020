import { type NetworkClient, nodes, stakeWindow } from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { defineCommand, option } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { nodeId as parseNodeId } from "../../inputs/wholeNumber.ts";
import { chosenNode } from "../../nodeState/chosenNode.ts";
import { stateOption } from "../../nodeState/stateOption.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 node withdraw` */
export const withdraw = defineCommand({
  name: "withdraw",
  summary: "takes out stake that has thawed",
  options: { state: stateOption, node: option("--node <id>", "default: the one in the folder", parseNodeId) },
  async run(context, { state, node }) {
    const nodeId = await chosenNode(context, { state, node });
    const client = await context.writer();
    await checkThawed(client, nodeId);
    const { amount, stake, txHash } = await nodes.withdrawStake(client, { nodeId, ...context.writes });
    context.out(
      { nodeId, amount, stake, txHash },
      `${usd(amount)} of the stake of node ${nodeId} went to its owner; ${usd(stake)} stay.`,
    );
  },
});

/** Says before a transaction what the contract would refuse, with the time that it does not know. */
async function checkThawed(client: NetworkClient, nodeId: number): Promise<void> {
  const { node, epoch } = await nodes.nodeSummary(client, { nodeId });
  const { stake, thawing, thawEpoch } = node;
  const { times } = client.network;
  const { firstWithdraw } = stakeWindow(times, thawEpoch);
  if (thawing === 0n) {
    throw new CliError({
      code: "NO_STAKE_THAWS",
      message: `No stake of node ${nodeId} was asked back; it has ${usd(stake)}.`,
      value: String(nodeId),
      next: stake > 0n ? "ask for it first: worker3 node unstake <amount>" : undefined,
    });
  }
  if (epoch >= firstWithdraw) return;
  const from = epochTime(times, firstWithdraw).toISOString();
  throw new CliError({
    code: "STAKE_STILL_THAWS",
    message: `${usd(thawing)} of the stake of node ${nodeId} leave from ${from} on, after epoch ${firstWithdraw - 1}.`,
    value: String(firstWithdraw - 1),
    next: `try again from ${from} on: worker3 node withdraw`,
  });
}
