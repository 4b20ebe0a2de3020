import { lens, projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project accept P` */
export const accept = defineCommand({
  name: "accept",
  summary: "takes over a project that was offered",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project: ref }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const { txHash } = await projects.acceptOwnership(client, { projectId, ...context.writes });
    const { owner } = await lens.projectOf(client, { projectId });
    context.out({ projectId, owner, txHash }, `Project ${projectId} belongs to ${owner}.`);
  },
});
