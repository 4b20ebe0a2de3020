import { lens, projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { outsideDomains } from "../../project/outsideDomains.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project accept P` */
export const accept = defineCommand({
  name: "accept",
  summary: "takes over a project that was offered",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project: ref }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    // By these a deployment of the new owner finds the project; without them it would make a second one there.
    const domains = await outsideDomains(client, { projectId, signal: context.signal });
    const { txHash } = await projects.acceptOwnership(client, { projectId, domains, ...context.writes });
    const { owner } = await lens.projectOf(client, { projectId });
    const also = domains.length === 0 ? "" : `, and so do deployments to ${domains.join(", ")}`;
    context.out({ projectId, owner, domains, txHash }, `Project ${projectId} belongs to ${owner}${also}.`);
  },
});
