import { projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { projectDocument, projectText } from "../../project/projectDocument.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project show P` */
export const show = defineCommand({
  name: "show",
  summary: "shows a project as it stands on chain",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project: ref }) {
    const client = await context.client();
    const projectId = await findProject(client, { project: ref, context });
    const summary = await projects.projectSummary(client, { projectId });
    context.out(projectDocument(summary, client.network.times), projectText(summary, client.network.times));
  },
});
