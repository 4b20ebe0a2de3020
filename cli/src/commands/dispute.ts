import { asset, disputeWindow, findReceipt, settlement } from "@worker3/sdk";
import { epochTime } from "../chain/epochTime.ts";
import { argument, defineCommand, option, requiredOption } from "../command.ts";
import { positiveAmount } from "../inputs/amount.ts";
import { epochNumber, nodeId } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { usd } from "../text/usd.ts";

/** `worker3 dispute P --node N --epoch E --reason R` */
export const dispute = defineCommand({
  name: "dispute",
  summary: "disputes a receipt, with a bond",
  description:
    "Disputes a receipt: its amount is frozen until the arbiter decides. Guilty: the amount comes back as credit, and so does the bond. Innocent: the node gets both. Undecided in time: the node gets the amount, you get the bond.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    node: requiredOption("--node <id>", "whose receipt", nodeId),
    epoch: requiredOption("--epoch <epoch>", "of which epoch", epochNumber),
    maxBond: option(
      "--max-bond <amount>",
      "the highest bond that is given; default: what it is when you are asked",
      positiveAmount,
    ),
    reason: requiredOption("--reason <text>", "what is wrong, for the arbiter; public", parseReason),
  },
  examples: ['worker3 dispute 7 --node 4 --epoch 120 --reason "more requests than the domain had"'],
  async run(context, { project, node, epoch, reason, maxBond: most }) {
    const client = await context.writer();
    const { network } = client;
    const { signal } = context;
    const projectId = await findProject(client, { project, context });
    const receipt = await findReceipt(client, { projectId, nodeId: node, epoch, signal });
    const { minBond: least } = await settlement.parameters(client);
    const bond = receipt.line.amount > least ? receipt.line.amount : least;
    const maxBond = most ?? bond;
    const complaint = { ...receipt, reason, maxBond, ...context.writes };
    const spender = network.contracts.creditEscrow;
    const spending = { spender, amount: bond, call: settlement.dispute.call(client, complaint) };
    // All of it before anything is asked or approved: the owner, the window, the receipt's state, the balance.
    await asset.checkSpending(client, spending);
    await context.confirm(
      `Dispute ${usd(receipt.line.amount)} that node ${node} charged project ${projectId} in epoch ${epoch}? The bond is lost if the arbiter finds the node innocent.`,
      { cost: `a bond of ${usd(bond)}` },
    );
    using progress = context.progress("Waiting for the transactions");
    const send = () => settlement.dispute(client, complaint);
    const sent = await asset.spend(client, { ...spending, ...context.writes, send });
    const { lastDecide } = disputeWindow(network.times, await settlement.currentEpoch(client));
    progress.done();
    const decidedBy = epochTime(network.times, lastDecide + 1);
    const { txHash, amount } = sent;
    context.out(
      { projectId, nodeId: node, epoch, txHash, amount, bond: sent.bond, decidedBy },
      `${usd(amount)} are disputed, with a bond of ${usd(sent.bond)}. The arbiter has until ${decidedBy.toISOString()}.`,
    );
  },
});

/** What a transaction carries costs gas by the byte. */
const MAX_REASON_BYTES = 1_024;

function parseReason(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  if (text.trim() !== "" && bytes <= MAX_REASON_BYTES) return text;
  throw new RangeError(`a reason has 1 to ${MAX_REASON_BYTES} bytes`);
}
