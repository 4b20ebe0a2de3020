import { isRouted, lens, type NetworkClient, names, readDomains } from "@worker3/sdk";
import { epochTime } from "../chain/epochTime.ts";
import { argument, type CommandGroup, defineCommand } from "../command.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { domainDocument, notRoutedText } from "../project/domainDocument.ts";
import { findProject } from "../project/findProject.ts";
import { domainRef, PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { table } from "../text/table.ts";

const PROJECT = argument("<project>", PROJECT_SUMMARY, projectRef);
const DOMAIN = argument("<domain>", "a name of the zone, or a domain of your own", domainRef);

const list = defineCommand({
  name: "list",
  summary: "lists a project's domains",
  arguments: { project: PROJECT },
  async run(context, { project }) {
    const client = await context.client();
    const projectId = await findProject(client, { project, context });
    await lens.projectOf(client, { projectId });
    await show(context, client, projectId);
  },
});

const add = defineCommand({
  name: "add",
  summary: "gives a project one domain more",
  arguments: { project: PROJECT, domain: DOMAIN },
  examples: ["worker3 domains add 7 shop.example.com"],
  async run(context, { project, domain }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project, context });
    const { network } = client;
    if (!isRouted(network, domain)) context.note(`${notRoutedText(network.zone, domain)}.`);
    await context.confirm(`Claim ${domain} for project ${projectId}?`);
    const { txHash } = await names.claimDomain(client, { projectId, domain, ...context.writes });
    await show(context, client, projectId, { txHash });
  },
});

const remove = defineCommand({
  name: "remove",
  summary: "takes a domain from a project",
  arguments: { project: PROJECT, domain: DOMAIN },
  async run(context, { project, domain }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project, context });
    const rest = isRouted(client.network, domain) ? " It is free to others after 30 epochs." : "";
    await context.confirm(`Give ${domain} up?${rest}`);
    const { txHash } = await names.releaseDomain(client, { projectId, domain, ...context.writes });
    await show(context, client, projectId, { txHash });
  },
});

/** How a name of the zone stands, in words. */
const STANDINGS = {
  Free: () => "is free: worker3 deploy --domain takes it",
  Held: ({ projectId, owner }: lens.NameState) => `is held by project ${projectId} of ${owner}`,
  Resting: ({ owner, lastEpoch }: lens.NameState) =>
    `was given up: until epoch ${lastEpoch} is over only ${owner} may take it`,
  Kept: ({ owner, lastEpoch }: lens.NameState) =>
    `is kept for ${owner}, who has it on the network before, until epoch ${lastEpoch} is over`,
} as const;

const status = defineCommand({
  name: "show",
  summary: "tells how a name of the zone stands: free, held, resting or kept, and whose it is",
  arguments: { domain: argument("<domain>", "a name of the zone", domainRef) },
  examples: ["worker3 domains show shop.worker3.dev"],
  async run(context, { domain }) {
    const client = await context.client();
    const state = await lens.nameOf(client, { domain });
    const { standing, owner = null, projectId = null, lastEpoch = null, noticedAt = null } = state;
    const { times } = client.network;
    const until = lastEpoch === null ? null : epochTime(times, lastEpoch + 1);
    const noticed =
      noticedAt === null
        ? []
        : [
            `Its lapse was noticed in epoch ${noticedAt}: without credit for an epoch anyone may take the name ${LAPSE_EPOCHS} epochs after it.`,
          ];
    const free = until === null ? "" : ` (${until.toISOString()})`;
    context.out(
      { domain, standing: standing.toLowerCase(), owner, projectId, lastEpoch, until, noticedAt },
      [`${domain} ${STANDINGS[standing](state)}${free}.`, ...noticed].join("\n"),
    );
  },
});

/** As `NameRegistry` has it. */
const LAPSE_EPOCHS = 90;

/** `worker3 domains ...` */
export const domains: CommandGroup = {
  name: "domains",
  summary: "lists, adds and removes a project's domains",
  commands: [list, status, add, remove],
};

async function show(
  context: CommandContext,
  client: NetworkClient,
  projectId: bigint,
  more: object = {},
): Promise<void> {
  const { signal } = context;
  const names = await readDomains(client, { projectId, signal });
  const { network } = client;
  const target = names.find((domain) => isRouted(network, domain));
  const found = await Promise.all(
    names.map((domain) => domainDocument(client, { projectId, domain, target, signal })),
  );
  const word = (is: boolean): string => (is ? "yes" : "no");
  const rows = found.map(({ domain, kind, routed, proven }) => [domain, kind, word(proven), word(routed)]);
  const missing = found.flatMap(({ proven, records }) => (proven ? [] : records));
  const unserved = found.filter(({ kind }) => kind === "custom").map(({ domain }) => domain);
  const advice = [
    ...(missing.length === 0 ? [] : ["Set in the DNS:", ...missing.map((record) => `  ${record}`)]),
    ...(unserved.length === 0
      ? []
      : [`Claimed, not routed: nodes serve names of ${network.zone} only, not yet ${unserved.join(", ")}.`]),
    ...(unserved.length > 0 && target === undefined
      ? [`Next: worker3 domains add ${projectId} <name>.${network.zone}`]
      : []),
  ];
  context.out(
    { projectId, domains: found, ...more },
    [table(["domain", "kind", "proven", "routed"], rows), ...advice].join("\n"),
  );
}
