import { type Mined, readMaturedEpochs, settlement } from "@worker3/sdk";
import { defineCommand, option } from "../../command.ts";
import { nodeId as parseNodeId } from "../../inputs/wholeNumber.ts";
import { chosenNode } from "../../nodeState/chosenNode.ts";
import { stateOption } from "../../nodeState/stateOption.ts";
import { usd } from "../../text/usd.ts";

/** So many fit into a transaction with room to spare: about 5,000 gas each. */
const EPOCHS_A_TRANSACTION = 100;

/** `worker3 node claim` */
export const claim = defineCommand({
  name: "claim",
  summary: "pays a node's owner what has matured",
  description:
    "Pays a node's owner what nobody can dispute any more. Anyone may; the money goes to the owner.",
  options: { state: stateOption, node: option("--node <id>", "default: the one in the folder", parseNodeId) },
  async run(context, { state, node }) {
    const nodeId = await chosenNode(context, { state, node });
    const client = await context.writer();
    using progress = context.progress("Reading the chain");
    const matured = await readMaturedEpochs(client, { nodeId, signal: context.signal });
    progress.update("Waiting for the transactions");
    const sent: (Mined & settlement.Claimed)[] = [];
    // At least one: what was released or decided is payable without an epoch.
    for (let start = 0; start === 0 || start < matured.length; start += EPOCHS_A_TRANSACTION) {
      const epochs = matured.slice(start, start + EPOCHS_A_TRANSACTION);
      sent.push(await settlement.claim(client, { nodeId, epochs, ...context.writes }));
    }
    progress.done();
    const epochs = sent.flatMap((claim) => claim.epochs);
    const paid = sent.reduce((sum, claim) => sum + claim.paid, 0n);
    const fee = sent.reduce((sum, claim) => sum + claim.fee, 0n);
    const txHashes = sent.map(({ txHash }) => txHash);
    context.out(
      { nodeId, epochs, paid, fee, txHash: txHashes.at(-1), txHashes },
      `Node ${nodeId}: ${usd(paid)} paid to its owner for ${epochs.length} epochs, fee ${usd(fee)}.`,
    );
  },
});
