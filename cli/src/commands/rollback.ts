import { projects, readVersionBefore } from "@worker3/sdk";
import { argument, defineCommand, option } from "../command.ts";
import { CliError } from "../errors.ts";
import { versionNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { askHeldVersions, requireHeld } from "../project/heldVersions.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";

/** `worker3 rollback P [--to N]` */
export const rollback = defineCommand({
  name: "rollback",
  summary: "goes back to an earlier version",
  description:
    "Serves an earlier version again: one transaction, no upload. A node of the project has to hold it still: worker3 versions tells which do, worker3 push brings it back. It ends a split. Storage and applied migrations stay as they are.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    to: option("--to <version>", "which version; default: the one that was served before", versionNumber),
  },
  examples: ["worker3 rollback shop.worker3.dev", "worker3 rollback 7 --to 3 --yes"],
  async run(context, { project: ref, to }) {
    const client = await context.writer();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = await findProject(client, { project: ref, signal });
    const { active, nodeIds } = await projects.projectOf(client, { projectId });
    const version = to ?? (await readVersionBefore(client, { projectId, signal }));
    if (version === undefined) {
      throw new CliError({
        code: "NO_VERSION_BEFORE",
        message: `No other version of project ${projectId} was served before.`,
        value: String(active),
        next: `name a version with --to, of worker3 versions ${projectId}`,
      });
    }
    if (version === active) {
      throw new CliError({
        code: "VERSION_ACTIVE",
        message: `Version ${version} of project ${projectId} is served already.`,
        value: String(version),
        next: `name another with --to, of worker3 versions ${projectId}`,
      });
    }
    const { cid, digest } = await projects.versionOf(client, { projectId, version });
    requireHeld(await askHeldVersions(client, { projectId, nodeIds, signal }), { projectId, version, cid });
    progress.done();

    await context.confirm(`Serve version ${version} of project ${projectId} instead of ${active}?`);
    using sending = context.progress("Waiting for the transaction");
    const { txHash } = await projects.activate(client, { projectId, version, digest, ...context.writes });
    sending.done();
    context.out(
      { projectId, version, cid, txHash },
      `Project ${projectId} serves version ${version} (${cid}).`,
    );
  },
});
