import { asset, escrow, projects } from "@worker3/sdk";
import { creditDocument, creditText } from "../../chain/creditDocument.ts";
import { argument, defineCommand } from "../../command.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 credit deposit P A` */
export const deposit = defineCommand({
  name: "deposit",
  summary: "adds to a project's credit",
  description: "Pays into a project's credit. Anyone may; only the project's owner can take it out again.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    amount: argument("<amount>", "in whole tokens, such as 5 or 0.25", positiveAmount),
  },
  examples: ["worker3 credit deposit shop.worker3.dev 5"],
  async run(context, { project, amount }) {
    const client = await context.writer();
    const { network } = client;
    const projectId = await findProject(client, { project, context });
    const payment = { projectId, amount, ...context.writes };
    const spender = network.contracts.creditEscrow;
    const spending = { spender, amount, call: escrow.deposit.call(client, payment) };
    // Before anything is asked or approved.
    await asset.checkSpending(client, spending);
    await context.confirm(`Pay into the credit of project ${projectId}?`, { cost: usd(amount) });
    using progress = context.progress("Waiting for the transactions");
    const send = () => escrow.deposit(client, payment);
    const { txHash, blockNumber } = await asset.spend(client, { ...spending, ...context.writes, send });
    const summary = await projects.projectSummary(client, { projectId, at: blockNumber });
    progress.done();
    const document = { ...creditDocument(summary, network.times), deposited: amount, txHash };
    context.out(document, creditText(document));
  },
});
