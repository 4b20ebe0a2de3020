import { lens, projects, readVersionBefore } from "@worker3/sdk";
import { argument, defineCommand, option } from "../command.ts";
import { CliError } from "../errors.ts";
import { versionNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { askHeldVersions, noteMissing, requireHeld } from "../project/heldVersions.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";

/** `worker3 rollback P [--to N]` */
export const rollback = defineCommand({
  name: "rollback",
  summary: "goes back to an earlier version",
  description:
    "Serves an earlier version again: one transaction, no upload. Without --to it is the one that was served before the active one, and the next rollback goes back further. A node of the project has to hold it still: worker3 versions tells which do, worker3 push brings it back. It ends a split. Storage and applied migrations stay as they are.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    to: option(
      "--to <version>",
      "which version; default: the one that was served before the active one",
      versionNumber,
    ),
  },
  examples: ["worker3 rollback shop.worker3.dev", "worker3 rollback 7 --to 3 --yes"],
  async run(context, { project: ref, to }) {
    const client = await context.writer();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = await findProject(client, { project: ref, context });
    const { active, nodeIds } = await lens.projectOf(client, { projectId });
    const version = to ?? (await readVersionBefore(client, { projectId, signal }));
    if (version === undefined) {
      throw new CliError({
        code: "NO_VERSION_BEFORE",
        message:
          active === 0
            ? `Project ${projectId} serves no version yet.`
            : `No version of project ${projectId} was served before version ${active}.`,
        value: String(active),
        next: `name one with --to; worker3 versions ${projectId}: lists them`,
      });
    }
    if (version === active) {
      throw new CliError({
        code: "VERSION_ACTIVE",
        message: `Version ${version} of project ${projectId} is served already.`,
        value: String(version),
        next: `name another with --to; worker3 versions ${projectId}: lists them`,
      });
    }
    const { cid, digest } = await lens.versionOf(client, { projectId, version });
    const from =
      active === 0
        ? null
        : { version: active, cid: (await lens.versionOf(client, { projectId, version: active })).cid };
    const held = await askHeldVersions(client, { projectId, nodeIds, signal });
    requireHeld(held, { projectId, version, cid });
    progress.done();

    noteMissing(context, held, version);
    const way =
      from === null
        ? `to version ${version} (${cid})`
        : `from version ${from.version} (${from.cid}) to version ${version} (${cid})`;
    await context.confirm(`Take project ${projectId} ${way}?`);
    using sending = context.progress("Waiting for the transaction");
    const { txHash } = await projects.activate(client, { projectId, version, digest, ...context.writes });
    sending.done();
    context.out({ projectId, from, version, cid, txHash }, `Project ${projectId} went ${way}.`);
  },
});
