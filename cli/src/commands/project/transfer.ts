import { projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { address } from "../../inputs/address.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 project transfer P ADDR` */
export const transfer = defineCommand({
  name: "transfer",
  summary: "offers a project to a new owner",
  description:
    "Offers a project, with its domains and its credit, to another account, which accepts it by `worker3 project accept`. The zero address takes the offer back.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    newOwner: argument("<address>", "who may accept it", address),
  },
  async run(context, { project: ref, newOwner }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const { account } = await projects.projectSummary(client, { projectId });
    await context.confirm(
      `Offer project ${projectId}, with its domains and ${usd(account.balance)} of credit, to ${newOwner}?`,
    );
    const { txHash } = await projects.transferOwnership(client, { projectId, newOwner, ...context.writes });
    context.out(
      { projectId, pendingOwner: newOwner, txHash },
      `Project ${projectId} is offered to ${newOwner}, who takes it by: worker3 project accept ${projectId}`,
    );
  },
});
