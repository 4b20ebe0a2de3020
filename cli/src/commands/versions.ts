import { lens, readDeployments, readVersions } from "@worker3/sdk";
import { getAddress } from "viem";
import { argument, defineCommand } from "../command.ts";
import { findProject } from "../project/findProject.ts";
import { askHeldVersions } from "../project/heldVersions.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { table } from "../text/table.ts";

/** `worker3 versions P` */
export const versions = defineCommand({
  name: "versions",
  summary: "lists a project's versions",
  description:
    "Lists a project's versions and asks its nodes which of them they hold: visitors can be sent to those at once. A version that was never live was proposed: worker3 activate makes it so. Nodes keep the active version, that of a split, the last five that were active and of those that never were the newest three; others are brought back by worker3 push.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  examples: ["worker3 versions shop.worker3.dev", "worker3 versions 7 --json"],
  async run(context, { project: ref }) {
    const client = await context.client();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = await findProject(client, { project: ref, context });
    const [{ active, split, nodeIds }, facts] = await Promise.all([
      lens.projectOf(client, { projectId }),
      readVersions(client, { projectId, signal }),
    ]);
    const [deployed, held] = await Promise.all([
      readDeployments(client, { versions: facts, signal }),
      askHeldVersions(client, { projectId, nodeIds, signal }),
    ]);
    progress.done();

    const document = {
      projectId,
      active,
      split: split ?? null,
      seats: held.seats,
      silent: held.silent,
      versions: deployed.map(({ version, cid, deployedAt, by, txHash, wasActive, proposedBy }) => ({
        version,
        cid,
        deployedAt,
        by: getAddress(by),
        txHash,
        /** Whether it was never live; by whom it was proposed, where that one could do no more. */
        proposed: !wasActive,
        proposedBy: proposedBy === undefined ? null : getAddress(proposedBy),
        heldBy: held.holders(version),
      })),
    };
    const rows = document.versions.map(({ version, cid, deployedAt, by, proposed, heldBy }) => [
      version === active ? `${version} *` : proposed ? `${version} ?` : version,
      cid,
      deployedAt.toISOString(),
      proposed ? `${by}, proposed` : by,
      held.silent.length === held.seats ? "?" : `${heldBy.length} of ${held.seats}`,
    ]);
    const notes = [
      active === 0 ? "No version is live." : "* is served.",
      ...(document.versions.some(({ proposed }) => proposed)
        ? [`? was never live: worker3 activate ${projectId} --version <version>`]
        : []),
      ...(held.silent.length === 0
        ? []
        : [`Nodes that do not say what they hold: ${held.silent.join(", ")}.`]),
    ];
    context.out(document, [table(["version", "cid", "deployed", "by", "held"], rows), ...notes].join("\n"));
  },
});
