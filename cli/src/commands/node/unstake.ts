import { type Mined, nodes, stakeWindow } from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { defineCommand, flag, option, optionalArgument } from "../../command.ts";
import type { CommandContext } from "../../context/CommandContext.ts";
import { CliError, UsageError } from "../../errors.ts";
import { amountOrAll } from "../../inputs/amount.ts";
import { nodeId as parseNodeId } from "../../inputs/wholeNumber.ts";
import { chosenNode } from "../../nodeState/chosenNode.ts";
import { stateOption } from "../../nodeState/stateOption.ts";
import { usd } from "../../text/usd.ts";
import { unstakeStep } from "./unstakeStep.ts";

/** `worker3 node unstake A` */
export const unstake = defineCommand({
  name: "unstake",
  summary: "asks stake back; it leaves after the thaw",
  description:
    "Asks stake back. A seat needs stake for its cap: what leaves may cost the node its seats with high caps. What would leave less than the least stake retires the node, for which --retire is needed too: the current epoch is its last. A new request replaces the one before and restarts its time; where the one before has thawed, that is paid out first.",
  arguments: { amount: optionalArgument("[amount]", "in whole tokens, or all", amountOrAll) },
  options: {
    state: stateOption,
    node: option("--node <id>", "default: the one in the folder", parseNodeId),
    retire: flag("--retire", "yes, the node retires for ever: needed where too little stake stays"),
    cancel: flag("--cancel", "take the request back; what is retired stays retired"),
  },
  examples: ["worker3 node unstake 50", "worker3 node unstake all --retire --node 4 --yes"],
  async run(context, { amount, state, node, retire, cancel }) {
    const nodeId = await chosenNode(context, { state, node });
    if ((amount === undefined) !== cancel) throw await whichAmount(context, nodeId, amount !== undefined);
    const sent: readonly Sent[] =
      amount === undefined
        ? [await takeBack(context, nodeId)]
        : await request(context, nodeId, { wanted: amount, retire });
    const client = await context.client();
    const last = sent.at(-1);
    const at = last?.blockNumber;
    const { stake, thawing, thawEpoch, retiredFrom = null } = await nodes.nodeOf(client, { nodeId, at });
    const { times } = client.network;
    const thawsAt = thawing === 0n ? null : epochTime(times, stakeWindow(times, thawEpoch).firstWithdraw);
    const withdrawn = sent.reduce((sum, { amount: paid = 0n }) => sum + paid, 0n);
    const txHashes = sent.map(({ txHash }) => txHash);
    context.out(
      { nodeId, stake, thawing, thawsAt, retiredFrom, withdrawn, txHash: last?.txHash, txHashes },
      [
        ...(withdrawn > 0n ? [`${usd(withdrawn)} of the stake of node ${nodeId} went to its owner.`] : []),
        thawsAt === null
          ? `Nothing leaves node ${nodeId}.`
          : `${usd(thawing)} leave node ${nodeId} from ${thawsAt.toISOString()} on: worker3 node withdraw`,
        ...(retiredFrom === null ? [] : [`The node is retired from epoch ${retiredFrom} on.`]),
      ].join("\n"),
    );
  },
});

/** Neither an amount nor `--cancel`, or both; with what there is to ask for, where the chain says it. */
async function whichAmount(context: CommandContext, nodeId: number, isBoth: boolean): Promise<UsageError> {
  const next = "worker3 node unstake <amount>";
  if (isBoth) {
    return new UsageError({
      message: "An amount asks stake back and --cancel takes the request back: not both.",
      next: `${next}, or worker3 node unstake --cancel`,
    });
  }
  const stake = await context
    .client()
    .then((client) => nodes.nodeOf(client, { nodeId }))
    .then((node) => ` Node ${nodeId} has a stake of ${usd(node.stake)}.`)
    .catch(() => "");
  return new UsageError({
    message: `How much? Name an amount, or all, or take the request back with --cancel.${stake}`,
    next,
  });
}

interface Sent extends Mined {
  /** What was paid out, in base units. */
  readonly amount?: bigint;
}

async function takeBack(context: CommandContext, nodeId: number): Promise<Sent> {
  const client = await context.writer();
  const { txHash, blockNumber } = await nodes.cancelUnstake(client, { nodeId, ...context.writes });
  return { txHash, blockNumber };
}

async function request(
  context: CommandContext,
  nodeId: number,
  { wanted, retire }: { readonly wanted: bigint | "all"; readonly retire: boolean },
): Promise<readonly Sent[]> {
  const client = await context.writer();
  const { node, minStake, epoch } = await nodes.nodeSummary(client, { nodeId });
  const { stake, thawing, retiredFrom } = node;
  const { firstWithdraw } = stakeWindow(client.network.times, node.thawEpoch);
  const isRetired = retiredFrom !== undefined;
  const step = unstakeStep({ wanted, stake, thawing, firstWithdraw, epoch, minStake, isRetired });
  const payOut = () => nodes.withdrawStake(client, { nodeId, ...context.writes });
  if (step.step === "tooMuch") {
    throw new CliError({
      code: "UNSTAKE_OUT_OF_RANGE",
      message:
        step.paid > 0n
          ? `Node ${nodeId} has ${usd(step.rest)} once the ${usd(step.paid)} that have thawed are out.`
          : `Node ${nodeId} has a stake of ${usd(step.rest)}.`,
      value: wanted === "all" ? "all" : usd(wanted),
      next: step.rest > 0n ? `ask for an amount above 0 and up to ${usd(step.rest)}` : undefined,
    });
  }
  if (step.step === "withdraw") return [await payOut()];
  const { paid, amount, retires, restarts } = step;
  if (retires && !retire) {
    throw new UsageError({
      code: "RETIREMENT_NEEDS_FLAG",
      message: `That would leave node ${nodeId} less than the least stake of ${usd(minStake)} and retire it for ever: this epoch would be its last.`,
      value: usd(amount),
      next: `leave ${usd(minStake)} or more, or say that it shall retire: --retire`,
    });
  }
  const factor = BigInt(await nodes.seatStakeFactor(client));
  const stays = stake - paid - amount;
  const caps =
    retires || factor === 0n || stays < 0n
      ? ""
      : ` What stays is enough for seats with a cap of up to ${usd(stays / factor)}; others may take those with a higher one.`;
  const first = paid > 0n ? `Pay out the ${usd(paid)} that have thawed, and then ask` : "Ask";
  await context.confirm(
    `${first} ${usd(amount)} of the stake of node ${nodeId} back?${caps}${retires ? " That retires the node for ever: this epoch is its last." : ""}${restarts ? " It replaces the earlier request and restarts its time." : ""}`,
  );
  const ask = async (): Promise<Sent> => {
    const { txHash, blockNumber } = await nodes.requestUnstake(client, { nodeId, amount, ...context.writes });
    return { txHash, blockNumber };
  };
  return paid > 0n ? [await payOut(), await ask()] : [await ask()];
}
