import { projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { address } from "../../inputs/address.ts";
import { findProject } from "../../project/findProject.ts";
import { outsideDomains } from "../../project/outsideDomains.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 project transfer P ADDR` */
export const transfer = defineCommand({
  name: "transfer",
  summary: "offers a project to a new owner",
  description:
    "Offers a project, with its domains and its credit, to another account, which accepts it by `worker3 project accept`. Domains outside of the zone are named: a deployment of the new owner finds the project by those alone that are taken over with it, which the command does. The zero address takes the offer back.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    newOwner: argument("<address>", "who may accept it", address),
  },
  async run(context, { project: ref, newOwner }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const [{ account }, outside] = await Promise.all([
      projects.projectSummary(client, { projectId }),
      outsideDomains(client, { projectId, signal: context.signal }),
    ]);
    const also = outside.length === 0 ? "" : ` Outside of the zone it has ${outside.join(", ")}.`;
    await context.confirm(
      `Offer project ${projectId}, with its domains and ${usd(account.balance)} of credit, to ${newOwner}?${also}`,
    );
    const { txHash } = await projects.transferOwnership(client, { projectId, newOwner, ...context.writes });
    context.out(
      { projectId, pendingOwner: newOwner, domains: outside, txHash },
      [
        `Project ${projectId} is offered to ${newOwner}, who takes it by: worker3 project accept ${projectId}`,
        ...(outside.length === 0
          ? []
          : [
              `Who takes it without this command has to name its domains outside of the zone to acceptOwnership, or a later deployment there makes another project: ${outside.join(", ")}`,
            ]),
      ].join("\n"),
    );
  },
});
