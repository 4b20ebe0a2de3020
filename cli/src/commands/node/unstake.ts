import { nodes, stakeWindow } from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { defineCommand, flag, option, optionalArgument } from "../../command.ts";
import type { CommandContext } from "../../context/CommandContext.ts";
import { UsageError } from "../../errors.ts";
import { amountOrAll } from "../../inputs/amount.ts";
import { nodeId as parseNodeId } from "../../inputs/wholeNumber.ts";
import { chosenNode } from "../../nodeState/chosenNode.ts";
import { stateOption } from "../../nodeState/stateOption.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 node unstake A` */
export const unstake = defineCommand({
  name: "unstake",
  summary: "asks stake back; it leaves after the thaw",
  description:
    "Asks stake back. What would leave less than the least stake retires the node, for which --retire is needed too: the current epoch is its last. A new request replaces the one before and restarts its time.",
  arguments: { amount: optionalArgument("[amount]", "in whole tokens, or all", amountOrAll) },
  options: {
    state: stateOption,
    node: option("--node <id>", "default: the one in the folder", parseNodeId),
    retire: flag("--retire", "yes, the node retires for ever: needed where too little stake stays"),
    cancel: flag("--cancel", "take the request back; what is retired stays retired"),
  },
  examples: ["worker3 node unstake 50", "worker3 node unstake all --retire --node 4 --yes"],
  async run(context, { amount, state, node, retire, cancel }) {
    if ((amount === undefined) !== cancel) {
      throw new UsageError({ message: "How much? Name an amount, or take the request back with --cancel." });
    }
    const nodeId = await chosenNode(context, { state, node });
    const txHash =
      amount === undefined
        ? await takeBack(context, nodeId)
        : await request(context, nodeId, { wanted: amount, retire });
    const client = await context.client();
    const { stake, thawing, thawEpoch, retiredFrom = null } = await nodes.nodeOf(client, { nodeId });
    const { times } = client.network;
    const thawsAt = thawing === 0n ? null : epochTime(times, stakeWindow(times, thawEpoch).firstWithdraw);
    context.out(
      { nodeId, stake, thawing, thawsAt, retiredFrom, txHash },
      [
        thawsAt === null
          ? `Nothing leaves node ${nodeId}.`
          : `${usd(thawing)} leave node ${nodeId} from ${thawsAt.toISOString()} on: worker3 node withdraw`,
        ...(retiredFrom === null ? [] : [`The node is retired from epoch ${retiredFrom} on.`]),
      ].join("\n"),
    );
  },
});

async function takeBack(context: CommandContext, nodeId: number): Promise<string> {
  const client = await context.writer();
  return (await nodes.cancelUnstake(client, { nodeId, ...context.writes })).txHash;
}

async function request(
  context: CommandContext,
  nodeId: number,
  { wanted, retire }: { readonly wanted: bigint | "all"; readonly retire: boolean },
): Promise<string> {
  const client = await context.writer();
  const { node, minStake } = await nodes.nodeSummary(client, { nodeId });
  const amount = wanted === "all" ? node.stake : wanted;
  const retires = node.retiredFrom === undefined && node.stake - amount < minStake;
  if (retires && !retire) {
    throw new UsageError({
      code: "RETIREMENT_NEEDS_FLAG",
      message: `That would leave node ${nodeId} less than the least stake of ${usd(minStake)} and retire it for ever: this epoch would be its last.`,
      value: usd(amount),
      next: `leave ${usd(minStake)} or more, or say that it shall retire: --retire`,
    });
  }
  const restarts = node.thawing > 0n ? " It replaces the earlier request and restarts its time." : "";
  await context.confirm(
    `Ask ${usd(amount)} of the stake of node ${nodeId} back?${retires ? " That retires the node for ever: this epoch is its last." : ""}${restarts}`,
  );
  return (await nodes.requestUnstake(client, { nodeId, amount, ...context.writes })).txHash;
}
