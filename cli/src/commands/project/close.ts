import { projects } from "@worker3/sdk";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project close P` */
export const close = defineCommand({
  name: "close",
  summary: "ends a project for ever",
  description:
    "Ends a project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs, its credit leaves by `worker3 credit withdraw`.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project: ref }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    await context.confirm(`Close project ${projectId} for ever? Nothing brings it back.`);
    const { txHash, closedFrom } = await projects.close(client, { projectId, ...context.writes });
    context.out(
      { projectId, closedFrom, txHash },
      `Project ${projectId} is closed from epoch ${closedFrom} on. Take its credit out by: worker3 credit withdraw ${projectId} all`,
    );
  },
});
