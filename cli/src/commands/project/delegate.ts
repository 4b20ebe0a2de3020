import { projects } from "@worker3/sdk";
import { argument, defineCommand, requiredOption } from "../../command.ts";
import { address } from "../../inputs/address.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project delegate P ADDR --rights deploy` */
export const delegate = defineCommand({
  name: "delegate",
  summary: "lets another account deploy for a project",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    who: argument("<address>", "the other account", address),
  },
  options: { rights: requiredOption("--rights <rights>", "deploy, or none to take them back", parseRights) },
  examples: ["worker3 project delegate 7 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --rights deploy"],
  async run(context, { project: ref, who, rights }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    await context.confirm(
      rights === "deploy"
        ? `Let ${who} add, activate and upload versions of project ${projectId}?`
        : `Take the right to deploy project ${projectId} from ${who}?`,
    );
    const { txHash } = await projects.setDelegate(client, { projectId, who, rights, ...context.writes });
    const may = rights === "deploy" ? "may deploy" : "may no longer deploy";
    context.out({ projectId, who, rights, txHash }, `${who} ${may} project ${projectId}.`);
  },
});

function parseRights(text: string): projects.Rights {
  if (text === "deploy" || text === "none") return text;
  throw new RangeError("the rights are deploy or none");
}
