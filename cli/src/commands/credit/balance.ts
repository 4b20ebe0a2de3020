import { projects } from "@worker3/sdk";
import { creditDocument, creditText } from "../../chain/creditDocument.ts";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 credit balance P` */
export const balance = defineCommand({
  name: "balance",
  summary: "shows a project's credit and how long it lasts",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project }) {
    const client = await context.client();
    const projectId = await findProject(client, { project, context });
    const summary = await projects.projectSummary(client, { projectId });
    const document = creditDocument(summary, client.network.times);
    context.out(document, creditText(document));
  },
});
