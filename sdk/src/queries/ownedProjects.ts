import { type Address, isAddressEqual } from "viem";
import * as lens from "../contracts/lens/index.ts";
import * as names from "../contracts/names/index.ts";
import { type ProjectSummary, projectSummary } from "../contracts/projects/summary.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import { readProjectIndex } from "../nodeApi/projectIndex.ts";
import type { Replica } from "../nodeApi/replicas.ts";
import { askNodes, someNodes } from "./askNodes.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { QueryError } from "./QueryError.ts";

export interface FindOwnedProjectsParameters {
  readonly owner: Address;
  /** So many at most, those with the smallest ids. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** A project as the chain has it. */
export interface OwnedProject extends ProjectSummary {
  /** Those of which nodes told and which the chain confirms; `project.domains` says how many there are. */
  readonly domains: readonly string[];
  /** What the active version names; undefined before the first. */
  readonly cid: string | undefined;
}

/** What a node told and the chain does not confirm. */
export interface RefusedRow {
  readonly nodeId: number;
  readonly projectId: bigint;
  /** Absent: the account does not own the project. */
  readonly domain?: string | undefined;
}

/** The projects of an account, by their ids, and who told of them. */
export interface OwnedIds {
  readonly projectIds: readonly bigint[];
  /** There are more than the limit. */
  readonly isMore: boolean;
  /** The nodes that were asked and answered. */
  readonly answered: readonly number[];
  readonly refused: readonly RefusedRow[];
  readonly failed: readonly { readonly nodeId: number; readonly error: NodeError }[];
  /** What nodes told of each project's domains. */
  readonly told: ReadonlyMap<bigint, readonly ToldDomains[]>;
}

/** Which domains of a project a node tells. */
interface ToldDomains {
  readonly nodeId: number;
  readonly domains: readonly string[];
}

export interface OwnedProjects extends Omit<OwnedIds, "projectIds" | "told"> {
  /** By their ids. */
  readonly owned: readonly OwnedProject[];
}

/** One node can leave something out: two are asked, and what either tells counts. */
const ENOUGH = 2;
/** So many nodes are tried. */
const TRIED = 8;
const PAGE = 100;
/** Projects that are read at a time. */
const WINDOW = 10;

/**
 * Which projects an account owns. The contracts keep no list of them, the nodes do: some are asked, and each row is checked
 * on chain. A project that all of those leave out is missed.
 *
 * @throws {QueryError} `NODES_SILENT`: no node answered. `RPC_UNREACHABLE` and its like; the signal's reason.
 */
export async function findOwnedIds(
  client: NetworkClient,
  { owner, limit, signal }: FindOwnedProjectsParameters,
): Promise<OwnedIds> {
  const nodes = await someNodes(client, { most: TRIED });
  const { answers, failed } = await askNodes({
    nodes,
    enough: ENOUGH,
    ask: (node, signal) => readAll(node, { owner, limit, signal }),
    signal,
  });
  if (answers.length === 0) throw silent(nodes, failed);
  const told = new Map<bigint, ToldDomains[]>();
  for (const { nodeId, answer } of answers) {
    for (const { projectId, domains } of answer.rows) {
      told.set(projectId, [...(told.get(projectId) ?? []), { nodeId, domains }]);
    }
  }
  const ids = [...told.keys()].sort((a, b) => (a < b ? -1 : 1));
  const found = await lens.readProjects(client, { projectIds: ids });
  const own = new Set(
    found.flatMap((project) =>
      project !== undefined && isAddressEqual(project.owner, owner) ? [project.projectId] : [],
    ),
  );
  const refused = ids
    .filter((id) => !own.has(id))
    .flatMap((projectId) => (told.get(projectId) ?? []).map(({ nodeId }) => ({ nodeId, projectId })));
  return {
    projectIds: [...own].slice(0, limit),
    isMore: own.size > limit || answers.some(({ answer }) => answer.isMore),
    answered: answers.map(({ nodeId }) => nodeId),
    refused,
    failed,
    told,
  };
}

/**
 * The projects of an account, as the chain has them. See `findOwnedIds`.
 *
 * @throws as `findOwnedIds`.
 */
export async function findOwnedProjects(
  client: NetworkClient,
  parameters: FindOwnedProjectsParameters,
): Promise<OwnedProjects> {
  const { signal } = parameters;
  const { projectIds, told, ...found } = await findOwnedIds(client, parameters);
  const refused = [...found.refused];
  const ask = async (projectId: bigint): Promise<OwnedProject> => {
    signal?.throwIfAborted();
    const [summary, claimed] = await Promise.all([
      projectSummary(client, { projectId }),
      claimedOf(client, projectId, told.get(projectId) ?? []),
    ]);
    refused.push(...claimed.refused);
    const { active: version } = summary.project;
    const content = version === 0 ? undefined : await lens.versionOf(client, { projectId, version });
    return { ...summary, domains: claimed.domains, cid: content?.cid };
  };
  return { ...found, owned: await mapInWindows(projectIds, ask, WINDOW), refused };
}

interface Told {
  readonly rows: readonly { readonly projectId: bigint; readonly domains: readonly string[] }[];
  readonly isMore: boolean;
}

/** All pages of one node, up to one row more than the limit. */
async function readAll(
  { endpoint }: Replica,
  { owner, limit, signal }: FindOwnedProjectsParameters,
): Promise<Told> {
  const rows: { projectId: bigint; domains: readonly string[] }[] = [];
  let after = 0n;
  for (;;) {
    const page = await readProjectIndex({ endpoint, owner, after, limit: Math.min(PAGE, limit), signal });
    for (const { projectId, domains } of page.projects) {
      if (projectId <= after) throw disordered(endpoint);
      after = projectId;
      rows.push({ projectId, domains });
    }
    if (page.next === null || rows.length > limit) break;
    // A page that has a next one has rows, so that a node cannot be read for ever.
    if (page.projects.length === 0 || page.next < after) throw disordered(endpoint);
    if (rows.length === limit) return { rows, isMore: true };
    after = page.next;
  }
  return { rows: rows.slice(0, limit), isMore: rows.length > limit };
}

/** Which of the domains that nodes told are the project's. */
async function claimedOf(
  client: NetworkClient,
  projectId: bigint,
  rows: readonly ToldDomains[],
): Promise<{ domains: string[]; refused: RefusedRow[] }> {
  const told = [...new Set(rows.flatMap(({ domains }) => domains))].sort();
  const isClaimed = await mapInWindows(told, (domain) => claims(client, projectId, domain));
  const domains = told.filter((_, index) => isClaimed[index]);
  const refused = rows.flatMap(({ nodeId, domains: ofNode }) =>
    ofNode.filter((domain) => !domains.includes(domain)).map((domain) => ({ nodeId, projectId, domain })),
  );
  return { domains, refused };
}

/** What the contracts say of a text that no project can claim. */
const NO_DOMAIN = /^(DOMAIN_HAS_\w+|ZONE_LABEL_\w+|NOT_ONE_LABEL_BELOW_ZONE|NAME_IS_RESERVED)$/;

async function claims(client: NetworkClient, projectId: bigint, domain: string): Promise<boolean> {
  try {
    return await names.holds(client, { projectId, domain });
  } catch (error) {
    if (error instanceof Worker3Error && NO_DOMAIN.test(error.code)) return false;
    throw error;
  }
}

function disordered(endpoint: string): NodeError {
  return new NodeError({
    code: "NODE_ANSWER",
    message: "The node's pages of projects do not go on.",
    value: endpoint,
  });
}

function silent(nodes: readonly Replica[], failed: OwnedProjects["failed"]): QueryError {
  const reasons = failed.map(({ nodeId, error }) => `node ${nodeId}: ${error.message}`).join(" ");
  return new QueryError({
    code: "NODES_SILENT",
    message:
      nodes.length === 0
        ? "There is no node to ask which projects the account owns."
        : `No node tells which projects the account owns. ${reasons}`,
    value: String(nodes.length),
    next: "try again later; a project is shown by its domain or id: worker3 project show",
  });
}
