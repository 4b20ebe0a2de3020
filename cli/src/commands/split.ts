import { lens, projects } from "@worker3/sdk";
import { argument, defineCommand, option, requiredOption } from "../command.ts";
import { CliError, UsageError } from "../errors.ts";
import { percentAsBps } from "../inputs/percent.ts";
import { versionNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { askHeldVersions, noteMissing, requireHeld } from "../project/heldVersions.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";

/** `worker3 split P --version N --percent X` */
export const split = defineCommand({
  name: "split",
  summary: "shows a second version to some visitors",
  description:
    "Serves a second version to a part of the visitors, beside the active one. --percent 0 ends it.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    version: option("--version <version>", "the version that some visitors get", versionNumber),
    percent: requiredOption("--percent <percent>", "of all visitors: 0 to 99.99", percentAsBps),
  },
  examples: ["worker3 split shop.worker3.dev --version 4 --percent 10", "worker3 split 7 --percent 0"],
  async run(context, { project: ref, version: named, percent: bps }) {
    if (named === undefined && bps > 0) {
      throw new UsageError({
        message: "Which version do they get? None is named.",
        next: "add --version: worker3 versions lists them",
      });
    }
    const client = await context.writer();
    const { signal } = context;
    const projectId = await findProject(client, { project: ref, context });
    const { active, nodeIds, split: begun } = await lens.projectOf(client, { projectId });
    const version = named ?? begun?.version;
    if (version === undefined) {
      throw new CliError({
        code: "NO_SPLIT",
        message: `Project ${projectId} shows one version to all: there is no split to end.`,
        value: String(active),
      });
    }
    if (bps > 0) {
      const { cid } = await lens.versionOf(client, { projectId, version });
      const held = await askHeldVersions(client, { projectId, nodeIds, signal });
      requireHeld(held, { projectId, version, cid });
      noteMissing(context, held, version);
    }
    const question =
      bps === 0
        ? `End the split of project ${projectId}?`
        : `Serve version ${version} of project ${projectId} to ${bps / 100} % of its visitors?`;
    await context.confirm(question);
    using sending = context.progress("Waiting for the transaction");
    const { txHash } = await projects.split(client, { projectId, version, bps, ...context.writes });
    sending.done();
    const human =
      bps === 0
        ? `Project ${projectId} serves version ${active} to all.`
        : `Project ${projectId} serves version ${version} to ${bps / 100} %, version ${active} to the rest.`;
    context.out({ projectId, active, canary: bps === 0 ? null : version, bps, txHash }, human);
  },
});
