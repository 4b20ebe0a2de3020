import { isRouted, lens, type NetworkClient, parseDeploymentCid, readDomains } from "@worker3/sdk";
import { openScratchStore } from "@worker3/sdk/node";
import { argument, defineCommand, flag, option } from "../command.ts";
import { type CarSource, gatewaySource, replicaSources } from "../content/CarSource.ts";
import { fetchCar } from "../content/fetchCar.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";
import { type ProjectContent, projectContent } from "../project/projectContent.ts";
import { PROJECT_SUMMARY, type ProjectRef, projectRef } from "../project/projectRef.ts";
import { compareReplica } from "../verify/compareReplica.ts";
import { readPlan, type VerifyPlan } from "../verify/readPlan.ts";
import { SAMPLE_FILES } from "../verify/sampleFiles.ts";
import { outcomeOf, verifyText } from "../verify/verifyText.ts";

/** `worker3 verify D [--all]` */
export const verify = defineCommand({
  name: "verify",
  summary: "compares what replicas serve with what the chain names",
  description: `Asks the chain which content a domain has, fetches it, checks it against its CID, and then asks every replica for its static files as a visitor would; during a split for those of both versions. Compares ${SAMPLE_FILES} files of a version: all pages, the rest drawn at random. What a worker answers is computed and cannot be compared. Exit code 1 when something differs or a replica cannot be asked, 3 when there is nothing to compare.`,
  arguments: { domain: argument("<domain>", PROJECT_SUMMARY, projectRef) },
  options: {
    all: flag("--all", "every file"),
    gateway: option("--gateway <url>", "fetch the content from this trustless gateway", gatewaySource),
  },
  examples: ["worker3 verify shop.worker3.dev", "worker3 verify shop.worker3.dev --all --json"],
  async run(context, { domain: ref, all, gateway }) {
    const { signal } = context;
    const client = await context.client();
    using progress = context.progress("Asking the chain");
    const content = await projectContent(client, { project: ref, context });
    const domain = await servedDomain(context, client, ref, content);
    const { project, version, cid, replicas } = content;
    const { projectId, split } = project;
    const named: Named[] = [{ version, cid }];
    if (split !== undefined) {
      const second = await lens.versionOf(client, { projectId, version: split.version });
      named.push({ version: split.version, cid: second.cid });
    }
    progress.update("Fetching the content");
    const sources = gateway === undefined ? replicaSources(replicas) : [gateway];
    const planned: Planned[] = [];
    for (const each of named)
      planned.push({ ...each, plan: await planOf(context, { ...each, projectId, sources, all }) });
    const versions = planned.map(({ version, plan }) => ({ version, files: plan.files }));
    const asked = versions.reduce((sum, { files }) => sum + files.length, 0);
    progress.update(`Asking ${replicas.length} replicas for ${asked} files each`);
    const compared = await Promise.all(
      replicas.map((replica) => compareReplica({ ...replica, projectId, versions, host: domain, signal })),
    );
    progress.done();

    const outcome = outcomeOf(compared, asked);
    const [first, second] = planned;
    const document = {
      domain,
      projectId,
      version,
      cid,
      comparable: first?.plan.comparable ?? 0,
      skipped: first?.plan.skipped ?? [],
      split:
        second === undefined || split === undefined
          ? null
          : { version: split.version, bps: split.bps, cid: second.cid, ...comparedOf(second) },
      replicas: compared,
      outcome,
      ok: outcome === "same",
    };
    const failed = outcome !== "same" && outcome !== "nothing";
    context.out(document, verifyText(document), { failed, nothing: outcome === "nothing" });
  },
});

interface Named {
  readonly version: number;
  readonly cid: string;
}

interface Planned extends Named {
  readonly plan: VerifyPlan;
}

function comparedOf({ plan: { comparable, skipped } }: Planned): Pick<VerifyPlan, "comparable" | "skipped"> {
  return { comparable, skipped };
}

/**
 * The host name that replicas are asked for: the one that was named, or the project's first one where nodes serve it. Under a domain
 * outside of the zone they serve nothing yet: there the same project is asked for by its name in the zone.
 *
 * @throws {CliError} `NO_DOMAIN`.
 */
async function servedDomain(
  context: CommandContext,
  client: NetworkClient,
  ref: ProjectRef,
  { project: { projectId } }: ProjectContent,
): Promise<string> {
  const { network } = client;
  if ("domain" in ref && isRouted(network, ref.domain)) return ref.domain;
  const domains = await readDomains(client, { projectId, signal: context.signal });
  const served = domains.find((domain) => isRouted(network, domain));
  if (served !== undefined) {
    if ("domain" in ref) {
      context.note(`Nodes do not serve ${ref.domain} by that name yet; they are asked for ${served}.`);
    }
    return served;
  }
  throw new CliError({
    code: "NO_DOMAIN",
    message: `Project ${projectId} has no domain that nodes serve: names of ${network.zone} are.`,
    value: domains.join(", ") || String(projectId),
    next: `worker3 domains add ${projectId} <name>.${network.zone}`,
  });
}

/** The content is fetched once, into a file without a name that goes with this process. */
async function planOf(
  context: CommandContext,
  parameters: {
    readonly cid: string;
    readonly projectId: bigint;
    readonly sources: readonly CarSource[];
    readonly all: boolean;
  },
): Promise<VerifyPlan> {
  const { cid: text, projectId, sources, all } = parameters;
  const { signal } = context;
  const { cid } = parseDeploymentCid(text);
  const store = await openScratchStore();
  try {
    await fetchCar({
      cid,
      sources,
      projectId,
      take: async (blocks) => {
        for await (const block of blocks) await store.put(block.cid, block.bytes);
      },
      onRefused: ({ name }, error) => context.note(`${name} does not send the content: ${error.message}`),
      signal,
    });
    return await readPlan(store, cid, { all, signal });
  } finally {
    await store.close();
  }
}
