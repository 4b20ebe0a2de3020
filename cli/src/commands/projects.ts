import { findOwnedProjects, type OwnedProject, type OwnedProjects } from "@worker3/sdk";
import type { Address } from "viem";
import { defineCommand, option } from "../command.ts";
import { address } from "../inputs/address.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { formatSpan } from "../text/formatSpan.ts";
import { table } from "../text/table.ts";
import { usd } from "../text/usd.ts";

const LIMITS = { default: 100, most: 1_000 };

/** `worker3 projects` */
export const projects = defineCommand({
  name: "projects",
  summary: "lists the projects of an account",
  description:
    "Lists the projects that the acting account owns, or another. The contracts keep no such list: two nodes of the network are asked, and what they tell is checked on chain. A project that both leave out is missing; worker3 project show finds it by domain or id all the same.",
  options: {
    owner: option("--owner <address>", "whose projects; default: the acting account's", address),
    limit: option(
      "--limit <n>",
      `at most so many, those with the smallest ids; default: ${LIMITS.default}`,
      wholeNumber(1, LIMITS.most),
    ),
  },
  examples: ["worker3 projects", "worker3 projects --owner 0x.. --json"],
  async run(context, { owner: given, limit = LIMITS.default }) {
    const owner = given ?? (await context.account()).address;
    const client = await context.client();
    using progress = context.progress("Asking nodes of the network");
    const found = await findOwnedProjects(client, { owner, limit, signal: context.signal });
    progress.done();
    const notes = notesOf(found, limit);
    for (const note of notes) context.note(note);
    context.out(
      {
        owner,
        projects: found.owned.map(rowDocument),
        more: found.isMore,
        askedNodes: found.answered,
        notes,
      },
      textOf(owner, found.owned),
    );
  },
});

function rowDocument({ project, domains, cid, account, available, runway }: OwnedProject) {
  return {
    projectId: project.projectId,
    domains,
    active: project.active,
    cid: cid ?? null,
    balance: account.balance,
    available,
    runwaySeconds: runway === undefined ? null : Number(runway.runwaySeconds),
    nodeIds: project.nodeIds.filter((nodeId) => nodeId !== 0),
    closedFrom: project.closedFrom ?? null,
  };
}

function textOf(owner: Address, owned: readonly OwnedProject[]): string {
  if (owned.length === 0) return `${owner} owns no project.`;
  const rows = owned.map(({ project, domains, account, runway }) => [
    project.projectId,
    domains.join(" ") || "none",
    project.active === 0 ? "nothing yet" : `version ${project.active} of ${project.versions}`,
    usd(account.balance),
    lasts(project.closedFrom, runway?.runwaySeconds),
  ]);
  const lines = table(["project", "domains", "serves", "credit", "lasts"], rows);
  const isCharged = owned.some(
    ({ project, runway }) => project.closedFrom === undefined && runway !== undefined,
  );
  return isCharged ? `${lines}\n"At least": if every node charges its whole cap.` : lines;
}

function lasts(closedFrom: number | undefined, runwaySeconds: bigint | undefined): string {
  if (closedFrom !== undefined) return `closed from epoch ${closedFrom} on`;
  return runwaySeconds === undefined ? "nothing is charged" : `at least ${formatSpan(Number(runwaySeconds))}`;
}

/** What a person should know of how far the list can be relied on. */
function notesOf({ owned, isMore, answered, refused, failed }: OwnedProjects, limit: number): string[] {
  const wrong = refused.map(({ nodeId, projectId, domain }) =>
    domain === undefined
      ? `Node ${nodeId} tells of project ${projectId}, which is not the account's by the chain: left out.`
      : `Node ${nodeId} tells that project ${projectId} has the domain ${JSON.stringify(domain)}, which the chain does not confirm: left out.`,
  );
  const untold = owned.flatMap(({ project, domains }) => {
    const missing = project.domains - domains.length;
    return missing <= 0 ? [] : [`Project ${project.projectId} has more domains: ${missing} were not told.`];
  });
  return [
    ...wrong,
    ...untold,
    ...(isMore ? [`There are more than ${limit}: --limit.`] : []),
    ...(answered.length === 1
      ? [
          `Only node ${answered[0]} could be asked${failed.length === 0 ? "" : `, for ${failed.map(({ nodeId }) => nodeId).join(", ")} did not answer`}: what it leaves out is missing here.`,
        ]
      : []),
  ];
}
