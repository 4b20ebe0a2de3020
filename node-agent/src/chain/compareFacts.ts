import { lens, type NetworkClient, nodes as nodeActions, projects as projectActions } from "@worker3/sdk";
import type { ChainProject } from "./view/chainProject.ts";
import type { ChainView } from "./view/createChainView.ts";
import type { ChainNode } from "./view/nodes.ts";

export interface CompareParameters {
  readonly client: NetworkClient;
  readonly view: Pick<ChainView, "project" | "node">;
  /** The projects that this node serves; some of them are looked at each time. */
  readonly own: readonly bigint[];
  readonly nodeId: number;
  /** The block that the view is of. */
  readonly block: bigint;
  /** In [0, 1), as `Math.random`: which of the others are looked at. */
  readonly random: () => number;
}

/** So many of the node's own projects, of others and of other nodes are looked at each time. */
const OWN = 50;
const OTHERS = 20;

/**
 * Compares what events said with what the contracts say of the same block: an event that was never told is found so. Looks at
 * this node, at the newest project and node, and at some of the others.
 *
 * @returns What differs, in words; undefined where all agrees.
 * @throws {RpcError} The chain cannot be asked.
 */
export async function findDifference(parameters: CompareParameters): Promise<string | undefined> {
  const { client, view, own, nodeId, block: at, random } = parameters;
  const [projectCount, nodeCount] = await Promise.all([
    projectActions.projectCount(client, { at }),
    nodeActions.nodeCount(client, { at }),
  ]);
  const projectIds = new Set([
    ...pick(own, OWN, random),
    ...someUpTo(Number(projectCount), random).map(BigInt),
  ]);
  const nodeIds = new Set([nodeId, ...someUpTo(Number(nodeCount), random)]);
  // By what the view says at this moment: it goes on while the chain is asked.
  const projectsHere = [...projectIds].map((projectId) => describeProject(view.project(projectId)));
  const nodesHere = [...nodeIds].map((id) => describeNode(view.node(id)));
  const [projectsThere, nodesThere] = await Promise.all([
    lens.readProjects(client, { projectIds: [...projectIds], at }),
    nodeActions.readNodes(client, { nodeIds: [...nodeIds], at }),
  ]);
  return (
    firstDifference("project", [...projectIds], projectsHere, projectsThere.map(describeOnChain)) ??
    firstDifference("node", [...nodeIds], nodesHere, nodesThere.map(describeNode))
  );
}

/** The newest one, and some of the others. */
function someUpTo(count: number, random: () => number): number[] {
  if (count === 0) return [];
  const most = Math.min(count, OTHERS);
  return [count, ...Array.from({ length: most - 1 }, () => 1 + Math.floor(random() * count))];
}

function pick<thing>(things: readonly thing[], most: number, random: () => number): thing[] {
  if (things.length <= most) return [...things];
  const first = Math.floor(random() * things.length);
  return Array.from({ length: most }, (_, i) => things[(first + i) % things.length] as thing);
}

function describeProject({
  owner,
  active,
  versions,
  split,
  domains,
  terms,
}: ChainProject): object | undefined {
  if (owner === undefined) return undefined;
  const { nodeIds = [], cap = 0n, fromEpoch = 0 } = terms.at(-1) ?? {};
  return {
    owner,
    active,
    versions: versions.length,
    split: split ?? null,
    domains: domains.length,
    nodeIds: nodeIds.filter((id) => id !== 0),
    cap: String(cap),
    fromEpoch,
  };
}

function describeOnChain(project: lens.Project | undefined): object | undefined {
  if (project === undefined) return undefined;
  const { owner, active, versions, split = null, domains, nodeIds, cap, fromEpoch } = project;
  return {
    owner,
    active,
    versions,
    split,
    domains,
    nodeIds: nodeIds.filter((id) => id !== 0),
    cap: String(cap),
    fromEpoch,
  };
}

function describeNode(node: nodeActions.Node | ChainNode | undefined): object | undefined {
  if (node === undefined) return undefined;
  const { owner, operator, region, endpoint, presentUntil, leastCap, retiredFrom = 0, isLiftable } = node;
  return {
    owner,
    operator,
    region,
    endpoint,
    presentUntil,
    leastCap: String(leastCap),
    retiredFrom,
    isLiftable,
  };
}

function firstDifference(
  what: string,
  ids: readonly (bigint | number)[],
  here: readonly (object | undefined)[],
  there: readonly (object | undefined)[],
): string | undefined {
  const texts = (values: readonly (object | undefined)[]) =>
    values.map((value) => JSON.stringify(value) ?? "none");
  const [mine, theirs] = [texts(here), texts(there)];
  const index = mine.findIndex((text, i) => text !== theirs[i]);
  return index === -1 ? undefined : `${what} ${ids[index]}: here ${mine[index]}, on chain ${theirs[index]}`;
}
