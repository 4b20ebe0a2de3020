import { projects, readDeployments, readVersions } from "@worker3/sdk";
import { getAddress } from "viem";
import { argument, defineCommand } from "../command.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { table } from "../text/table.ts";

/** `worker3 versions P` */
export const versions = defineCommand({
  name: "versions",
  summary: "lists a project's versions",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  examples: ["worker3 versions shop.worker3.dev", "worker3 versions 7 --json"],
  async run(context, { project: ref }) {
    const client = await context.client();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = await findProject(client, { project: ref, signal });
    const [{ active, split }, facts] = await Promise.all([
      projects.projectOf(client, { projectId }),
      readVersions(client, { projectId, signal }),
    ]);
    const deployed = await readDeployments(client, { versions: facts, signal });
    progress.done();

    const document = {
      projectId,
      active,
      split: split ?? null,
      versions: deployed.map(({ version, cid, deployedAt, by, txHash }) => ({
        version,
        cid,
        deployedAt,
        by: getAddress(by),
        txHash,
      })),
    };
    const rows = document.versions.map(({ version, cid, deployedAt, by }) => [
      version === active ? `${version} *` : version,
      cid,
      deployedAt.toISOString(),
      by,
    ]);
    const note = active === 0 ? "No version is live." : `* is served.`;
    context.out(document, `${table(["version", "cid", "deployed", "by"], rows)}\n${note}`);
  },
});
