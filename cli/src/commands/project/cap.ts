import { formatAmount, lens, projects } from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { argument, defineCommand } from "../../command.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 project cap P A` */
export const cap = defineCommand({
  name: "cap",
  summary: "sets what one replica may charge in one epoch, from the next one on",
  description:
    "Sets what one replica may charge in one epoch, from the next epoch on. A higher cap can count at once: worker3 project grow.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    amount: argument("<amount>", "in whole tokens", positiveAmount),
  },
  examples: ["worker3 project cap shop.worker3.dev 0.5"],
  async run(context, { project: ref, amount }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const { nodeIds, cap: before } = await lens.projectOf(client, { projectId });
    const replicas = nodeIds.filter((nodeId) => nodeId !== 0).length;
    await context.confirm(
      `Let each replica of project ${projectId} charge at most ${usd(amount)} an epoch, from the next one on?${amount > before ? ` At once: worker3 project grow ${projectId} --cap ${formatAmount(amount)}` : ""}`,
      {
        cost: `at most ${usd(amount * BigInt(replicas))} an epoch, with ${replicas} replicas`,
      },
    );
    const { txHash, fromEpoch } = await projects.setBudget(client, {
      projectId,
      cap: amount,
      ...context.writes,
    });
    const from = epochTime(client.network.times, fromEpoch);
    context.out(
      { projectId, cap: amount, fromEpoch, from, txHash },
      `From epoch ${fromEpoch} on (${from.toISOString()}) a replica charges at most ${usd(amount)}.`,
    );
  },
});
