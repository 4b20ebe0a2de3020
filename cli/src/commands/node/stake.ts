import { asset, nodes } from "@worker3/sdk";
import { argument, defineCommand, option } from "../../command.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { nodeId as parseNodeId } from "../../inputs/wholeNumber.ts";
import { chosenNode } from "../../nodeState/chosenNode.ts";
import { stateOption } from "../../nodeState/stateOption.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 node stake A` */
export const stake = defineCommand({
  name: "stake",
  summary: "adds to a node's stake",
  description:
    "Adds to a node's stake: seats with a higher cap need more of it. Where a slash left too little, enough takes the retirement back until the epoch in which that counts. Only the node's owner can take it out again.",
  arguments: { amount: argument("<amount>", "in whole tokens", positiveAmount) },
  options: {
    state: stateOption,
    node: option("--node <id>", "default: the one in the folder", parseNodeId),
  },
  examples: ["worker3 node stake 200", "worker3 node stake 200 --node 4 --yes"],
  async run(context, { amount, state, node }) {
    const nodeId = await chosenNode(context, { state, node });
    const client = await context.writer();
    const addition = { nodeId, amount, ...context.writes };
    const spender = client.network.contracts.nodeRegistry;
    const spending = { spender, amount, call: nodes.addStake.call(client, addition) };
    const { owner } = await nodes.nodeOf(client, { nodeId });
    await asset.checkSpending(client, spending);
    await context.confirm(`Add to the stake of node ${nodeId} of ${owner}? It can be slashed.`, {
      cost: usd(amount),
    });
    using progress = context.progress("Waiting for the transactions");
    const send = () => nodes.addStake(client, addition);
    const { txHash, blockNumber } = await asset.spend(client, { ...spending, ...context.writes, send });
    const [after, factor] = await Promise.all([
      nodes.nodeOf(client, { nodeId, at: blockNumber }),
      nodes.seatStakeFactor(client),
    ]);
    progress.done();
    const highestCap = (after.stake - after.thawing) / BigInt(factor);
    const { retiredFrom = null } = after;
    context.out(
      { nodeId, added: amount, stake: after.stake, highestCap, retiredFrom, txHash },
      `Node ${nodeId} has a stake of ${usd(after.stake)}: enough for seats with a cap of up to ${usd(highestCap)}.${retiredFrom === null ? "" : ` It stays retired from epoch ${retiredFrom} on.`}`,
    );
  },
});
