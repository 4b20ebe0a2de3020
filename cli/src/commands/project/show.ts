import { projects } from "@worker3/sdk";
import { pricesNow, pricesText } from "../../chain/prices.ts";
import { argument, defineCommand } from "../../command.ts";
import { findProject } from "../../project/findProject.ts";
import { projectDocument, projectText } from "../../project/projectDocument.ts";
import { placesText, projectPlaces } from "../../project/projectPlaces.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project show P` */
export const show = defineCommand({
  name: "show",
  summary: "shows a project as it stands on chain: what it serves, where, and with which credit",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  async run(context, { project: ref }) {
    const client = await context.client();
    const projectId = await findProject(client, { project: ref, context });
    const summary = await projects.projectSummary(client, { projectId });
    const [places, prices] = await Promise.all([
      projectPlaces(client, { project: summary.project, signal: context.signal }),
      pricesNow(client),
    ]);
    const { times } = client.network;
    context.out(
      { ...projectDocument(summary, times), prices, ...places },
      [projectText(summary, times), `prices     ${pricesText(prices)}`, ...placesText(places)].join("\n"),
    );
  },
});
