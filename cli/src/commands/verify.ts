import { type NetworkClient, parseDeploymentCid, readDomains } from "@worker3/sdk";
import { openScratchStore } from "@worker3/sdk/node";
import { argument, defineCommand, flag, option } from "../command.ts";
import { type CarSource, gatewaySource, replicaSources } from "../content/CarSource.ts";
import { fetchCar } from "../content/fetchCar.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError } from "../errors.ts";
import { type ProjectContent, projectContent } from "../project/projectContent.ts";
import { PROJECT_SUMMARY, type ProjectRef, projectRef } from "../project/projectRef.ts";
import { type ComparedReplica, compareReplica } from "../verify/compareReplica.ts";
import { readPlan, type VerifyPlan } from "../verify/readPlan.ts";
import { SAMPLE_FILES } from "../verify/sampleFiles.ts";

/** `worker3 verify D [--all]` */
export const verify = defineCommand({
  name: "verify",
  summary: "compares what replicas serve with what the chain names",
  description: `Asks the chain which content a domain has, fetches it, checks it against its CID, and then asks every replica for its static files as a visitor would. Compares ${SAMPLE_FILES} files: all pages, the rest drawn at random. What a worker answers is computed and cannot be compared. Exit code 1 when something differs.`,
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
    const content = await projectContent(client, { project: ref, signal });
    const domain = await domainOf(client, ref, content, signal);
    progress.update("Fetching the content");
    const plan = await planOf(context, content, gateway, all);
    progress.update(`Asking ${content.replicas.length} replicas for ${plan.files.length} files each`);
    const { project, version, cid, replicas } = content;
    const { projectId } = project;
    const compared = await Promise.all(
      replicas.map((replica) =>
        compareReplica({ ...replica, projectId, version, host: domain, files: plan.files, signal }),
      ),
    );
    progress.done();

    const ok = compared.length > 0 && compared.every(({ mismatches }) => mismatches.length === 0);
    const { comparable, skipped } = plan;
    const document = { domain, projectId, version, cid, comparable, skipped, replicas: compared, ok };
    context.out(document, textOf(document), { failed: !ok });
  },
});

/** A project that is named by its id is asked for by its first domain. */
async function domainOf(
  client: NetworkClient,
  ref: ProjectRef,
  { project: { projectId } }: ProjectContent,
  signal: AbortSignal,
): Promise<string> {
  if ("domain" in ref) return ref.domain;
  const [first] = await readDomains(client, { projectId, signal });
  if (first !== undefined) return first;
  throw new CliError({
    code: "NO_DOMAIN",
    message: `Project ${projectId} has no domain to ask for.`,
    value: String(projectId),
    next: `worker3 domains add ${projectId} <domain>`,
  });
}

/** The content is fetched once, into a file without a name that goes with this process. */
async function planOf(
  context: CommandContext,
  { cid: text, replicas }: ProjectContent,
  gateway: CarSource | undefined,
  all: boolean,
): Promise<VerifyPlan> {
  const { signal } = context;
  const { cid } = parseDeploymentCid(text);
  const store = await openScratchStore();
  try {
    await fetchCar({
      cid,
      sources: gateway === undefined ? replicaSources(replicas) : [gateway],
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

interface Result extends Pick<VerifyPlan, "comparable" | "skipped"> {
  readonly domain: string;
  readonly version: number;
  readonly cid: string;
  readonly replicas: readonly ComparedReplica[];
  readonly ok: boolean;
}

function textOf({ domain, version, cid, replicas, comparable, skipped, ok }: Result): string {
  return [
    `${domain} has version ${version}: ${cid}`,
    ...replicas.flatMap(({ nodeId, files, mismatches }) => [
      `node ${nodeId}: ${files} of ${comparable} files compared, ${mismatches.length} differ`,
      ...mismatches.map(
        ({ path, reason, expected, got }) =>
          `  ${path || "(replica)"}: ${reason}: expected ${expected}, got ${got}`,
      ),
    ]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} files cannot be compared; --json lists them`]),
    replicas.length === 0
      ? "It has no replicas."
      : ok
        ? "All replicas serve what the chain names."
        : "NOT what the chain names.",
  ].join("\n");
}
