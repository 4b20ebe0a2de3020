import { findReceipt, settlement } from "@worker3/sdk";
import { argument, defineCommand, requiredOption } from "../command.ts";
import { epochNumber, nodeId } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { usd } from "../text/usd.ts";

/** `worker3 release P --node N --epoch E` */
export const release = defineCommand({
  name: "release",
  summary: "accepts a receipt early",
  description:
    "Accepts a receipt early: the node may take the money at once, and a dispute is no longer possible.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    node: requiredOption("--node <id>", "whose receipt", nodeId),
    epoch: requiredOption("--epoch <epoch>", "of which epoch", epochNumber),
  },
  examples: ["worker3 release 7 --node 4 --epoch 120"],
  async run(context, { project, node, epoch }) {
    const client = await context.writer();
    const { signal } = context;
    const projectId = await findProject(client, { project, context });
    const receipt = await findReceipt(client, { projectId, nodeId: node, epoch, signal });
    await context.confirm(
      `Accept the receipt of node ${node} for project ${projectId} in epoch ${epoch}? Then it cannot be disputed.`,
      { cost: `${usd(receipt.line.amount)}, charged already` },
    );
    const { txHash, amount } = await settlement.release(client, { ...receipt, ...context.writes });
    context.out(
      { projectId, nodeId: node, epoch, txHash, amount },
      `Released ${usd(amount)} to node ${node}.`,
    );
  },
});
