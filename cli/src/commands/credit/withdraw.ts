import { creditWindow, escrow, type Mined, type NetworkWriter, projects } from "@worker3/sdk";
import { creditDocument, creditText } from "../../chain/creditDocument.ts";
import { argument, defineCommand, flag, optionalArgument } from "../../command.ts";
import type { CommandContext } from "../../context/CommandContext.ts";
import { CliError } from "../../errors.ts";
import { amountOrAll } from "../../inputs/amount.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";
import { type WithdrawStep, withdrawStep } from "./withdrawStep.ts";

/** `worker3 credit withdraw P A` */
export const withdraw = defineCommand({
  name: "withdraw",
  summary: "takes credit out of a project, in two steps",
  description:
    "Asks credit back, or pays it out once it has thawed: call it again then. A request for another amount replaces the one before and restarts its time; where the one before has thawed, that is paid out first. The same amount again is the same request.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    amount: optionalArgument(
      "[amount]",
      "in whole tokens, or all; not needed for what has thawed",
      amountOrAll,
    ),
  },
  options: { cancel: flag("--cancel", "take the request back") },
  examples: [
    "worker3 credit withdraw 7 2.5",
    "worker3 credit withdraw 7 all",
    "worker3 credit withdraw 7",
    "worker3 credit withdraw 7 --cancel",
  ],
  async run(context, { project, amount, cancel }) {
    const client = await context.writer();
    const { times } = client.network;
    const projectId = await findProject(client, { project, context });
    const { account, epoch } = await projects.projectSummary(client, { projectId });
    const { firstWithdraw } = creditWindow(times, account.thawEpoch);
    const step = cancel ? undefined : withdrawStep({ amount, ...account, firstWithdraw, epoch });
    const isEmpty = account.balance === 0n;
    const sent: readonly Sent[] =
      step === undefined
        ? [await escrow.cancelWithdraw(client, { projectId, ...context.writes })]
        : await take(context, client, { projectId, step, isEmpty });
    const last = sent.at(-1);
    const summary = await projects.projectSummary(client, { projectId, at: last?.blockNumber });
    const credit = creditDocument(summary, times);
    const withdrawn = sent.reduce((sum, { amount = 0n }) => sum + amount, 0n);
    const txHashes = sent.map(({ txHash }) => txHash);
    const document = { ...credit, withdrawn, txHash: last?.txHash ?? null, txHashes };
    const paid = withdrawn > 0n ? [`${usd(withdrawn)} were paid out.`] : [];
    const asked =
      step?.step === "withdraw" && step.next !== undefined ? [`${usd(step.next)} were asked back.`] : [];
    context.out(document, [...paid, ...asked, creditText(credit)].join("\n"));
  },
});

interface Sent extends Mined {
  /** What was paid out, in base units. */
  readonly amount?: bigint;
}

async function take(
  context: CommandContext,
  client: NetworkWriter,
  { projectId, step, isEmpty }: { projectId: bigint; step: WithdrawStep; isEmpty: boolean },
): Promise<readonly Sent[]> {
  const request = (amount: bigint) =>
    escrow.requestWithdraw(client, { projectId, amount, ...context.writes });
  switch (step.step) {
    case "withdraw": {
      const { paid, next } = step;
      const payOut = () => escrow.withdraw(client, { projectId, ...context.writes });
      // What was asked for before is no more than done.
      if (next === undefined) return [await payOut()];
      await context.confirm(
        `Pay out the ${usd(paid)} of project ${projectId} that have thawed, and then ask ${usd(next)} more back? Those are no longer available to the project.`,
      );
      return [await payOut(), await request(next)];
    }
    case "tooMuch":
      throw new CliError({
        code: "WITHDRAW_OUT_OF_RANGE",
        message: `${usd(step.amount)} cannot be asked back: once the ${usd(step.paid)} that have thawed are paid out, the credit is ${usd(step.rest)}.`,
        value: usd(step.amount),
        next: `worker3 credit withdraw ${projectId} all, or up to ${usd(step.rest)}; without an amount it pays out what has thawed`,
      });
    case "wait":
      return [];
    case "nothing":
      throw new CliError({
        code: "NO_CREDIT_THAWS",
        message: isEmpty
          ? `Project ${projectId} has no credit to ask back.`
          : `Nothing was asked back from the credit of project ${projectId}.`,
        next: isEmpty ? undefined : `worker3 credit withdraw ${projectId} all, or an amount`,
      });
    case "request": {
      const restarts = step.restarts ? " It replaces the earlier request and restarts its time." : "";
      await context.confirm(
        `Ask ${usd(step.amount)} back from project ${projectId}? It is no longer available to the project.${restarts}`,
      );
      return [await request(step.amount)];
    }
  }
}
