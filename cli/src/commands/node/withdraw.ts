import { nodes } from "@worker3/sdk";
import { defineCommand, option } from "../../command.ts";
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
    const { amount, stake, txHash } = await nodes.withdrawStake(client, { nodeId, ...context.writes });
    context.out(
      { nodeId, amount, stake, txHash },
      `${usd(amount)} of the stake of node ${nodeId} went to its owner; ${usd(stake)} stay.`,
    );
  },
});
