import { projects } from "@worker3/sdk";
import type { Address } from "viem";
import { argument, defineCommand, requiredOption } from "../../command.ts";
import { address } from "../../inputs/address.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";

/** `worker3 project delegate P ADDR --rights deploy|propose|none` */
export const delegate = defineCommand({
  name: "delegate",
  summary: "lets another account deploy for a project, or propose versions",
  description:
    "Lets another account add, activate and upload versions (deploy), or only upload and propose them (propose): for a key of continuous integration in front of an owner who looks first. Never domains, nodes, money or ownership. The rights end when the project changes owner.",
  arguments: {
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
    who: argument("<address>", "the other account", address),
  },
  options: {
    rights: requiredOption("--rights <rights>", "deploy, propose, or none to take them back", parseRights),
  },
  examples: [
    "worker3 project delegate 7 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --rights deploy",
    "worker3 project delegate 7 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --rights propose",
  ],
  async run(context, { project: ref, who, rights }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    await context.confirm(QUESTIONS[rights](who, projectId));
    const { txHash } = await projects.setDelegate(client, { projectId, who, rights, ...context.writes });
    context.out({ projectId, who, rights, txHash }, `${who} ${MAY[rights]} project ${projectId}.`);
  },
});

const QUESTIONS: Readonly<Record<projects.Rights, (who: Address, projectId: bigint) => string>> = {
  deploy: (who, projectId) => `Let ${who} add, activate and upload versions of project ${projectId}?`,
  propose: (who, projectId) =>
    `Let ${who} upload and propose versions of project ${projectId}, which others activate?`,
  none: (who, projectId) => `Take the right to deploy project ${projectId} from ${who}?`,
};

const MAY: Readonly<Record<projects.Rights, string>> = {
  deploy: "may deploy",
  propose: "may propose versions of",
  none: "may no longer deploy",
};

function parseRights(text: string): projects.Rights {
  if (text === "deploy" || text === "propose" || text === "none") return text;
  throw new RangeError("the rights are deploy, propose or none");
}
