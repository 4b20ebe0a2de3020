import { lens, type NetworkClient, projects } from "@worker3/sdk";
import { isContract, signElsewhere, signElsewhereText } from "../chain/signElsewhere.ts";
import { argument, defineCommand, requiredOption } from "../command.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";
import { versionNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { askHeldVersions, noteMissing, requireHeld } from "../project/heldVersions.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";

/** `worker3 activate P --version N` */
export const activate = defineCommand({
  name: "activate",
  summary: "makes a version live that was proposed",
  description:
    "Makes a version live that is on chain already, such as one that was proposed: one transaction, no upload. A node of the project has to hold it. It ends a split. Where the owner is a contract, such as a Safe, and the key at hand may not do it, nothing is sent: the call is printed, to be signed there.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    version: requiredOption("--version <version>", "which one: worker3 versions lists them", versionNumber),
  },
  examples: ["worker3 activate shop.worker3.dev --version 4", "worker3 activate 7 --version 4 --yes"],
  async run(context, { project: ref, version }) {
    const reader = await context.client();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = await findProject(reader, { project: ref, context });
    const { active, nodeIds, owner } = await lens.projectOf(reader, { projectId });
    const { cid, digest } = await lens.versionOf(reader, { projectId, version });
    if (version === active) {
      throw new CliError({
        code: "VERSION_ACTIVE",
        message: `Version ${version} of project ${projectId} is served already.`,
        value: String(version),
        next: `name another with --version; worker3 versions ${projectId}: lists them`,
      });
    }
    const held = await askHeldVersions(reader, { projectId, nodeIds, signal });
    requireHeld(held, { projectId, version, cid });
    const activation = { projectId, version, digest };
    const isElsewhere = !(await mayActivate(reader, context, projectId)) && (await isContract(reader, owner));
    progress.done();

    noteMissing(context, held, version);
    const from = active === 0 ? null : active;
    const document = { projectId, from, version, cid };
    if (isElsewhere) {
      const elsewhere = signElsewhere(reader, owner, projects.activate.call(reader, activation));
      return context.out({ ...document, txHash: null, elsewhere }, signElsewhereText(elsewhere));
    }
    const client = await context.writer();
    await context.confirm(`Make version ${version} (${cid}) of project ${projectId} live?`);
    using sending = context.progress("Waiting for the transaction");
    const { txHash } = await projects.activate(client, { ...activation, ...context.writes });
    sending.done();
    context.out(
      { ...document, txHash, elsewhere: null },
      `Version ${version} of project ${projectId} is live.`,
    );
  },
});

/** Whether the key at hand, if there is one, may do it itself. */
async function mayActivate(
  client: NetworkClient,
  context: CommandContext,
  projectId: bigint,
): Promise<boolean> {
  const who = await context.knownAddress();
  return who !== undefined && (await projects.mayDeploy(client, { projectId, who }));
}
