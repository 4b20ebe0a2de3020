import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  lens,
  mapInWindows,
  type NetworkClient,
  parseDeploymentCid,
  type Replica,
  readProjectsNaming,
  replicasOf,
} from "@worker3/sdk";
import { writeCar } from "@worker3/sdk/node";
import { argument, defineCommand, flag, option, requiredOption } from "../command.ts";
import { blocksAsCar } from "../content/blocksAsCar.ts";
import { type CarSource, cidRef, gatewaySource, isCid, replicaSources } from "../content/CarSource.ts";
import { fetchCar } from "../content/fetchCar.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import { CliError, UsageError } from "../errors.ts";
import { versionNumber } from "../inputs/wholeNumber.ts";
import { projectContent } from "../project/projectContent.ts";
import { type ProjectRef, projectRef } from "../project/projectRef.ts";

/** `worker3 export D-or-CID -o F` */
export const exportCar = defineCommand({
  name: "export",
  summary: "fetches a version's content as a CAR",
  description:
    "Fetches content from the replicas, checks every block against the CID and writes a CAR that any IPFS tool reads. The file is whole or not there.",
  arguments: { what: argument("<domain|id|cid>", "a project's domain or id, or a CID", contentRef) },
  options: {
    output: requiredOption("-o, --output <file>", "where the CAR goes"),
    version: option("--version <version>", "of a project; default: the active one", versionNumber),
    gateway: option("--gateway <url>", "ask this trustless gateway instead of replicas", gatewaySource),
    force: flag("--force", "put it in the place of a file that is there"),
  },
  examples: ["worker3 export shop.worker3.dev -o shop.car", "worker3 export bafybei... -o old.car"],
  async run(context, { what, output, version, gateway, force }) {
    if (version !== undefined && "cid" in what) {
      throw new UsageError({
        message: "--version goes with a project, not with a CID.",
        value: String(version),
      });
    }
    const path = resolve(output);
    // First: what is not written need not be fetched.
    if (!force) await requireNothingAt(path);
    using progress = context.progress("Looking for the content");
    const { cid: text, sources, projectId } = await find(context, what, version, gateway);
    const { cid } = parseDeploymentCid(text);
    progress.update(`Fetching ${text}`);
    const bytes = await fetchCar({
      cid,
      sources,
      projectId,
      take: (blocks) => writeCar(path, blocksAsCar(blocks, cid), { signal: context.signal }),
      onRefused: ({ name }, error) => context.note(`${name} does not send it: ${error.message}`),
      signal: context.signal,
    });
    progress.done();
    context.out({ cid: text, bytes, file: path }, `${text}\n${bytes} bytes in ${path}`);
  },
});

/** @throws {UsageError} `FILE_EXISTS`. */
async function requireNothingAt(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch {
    return; // what else is wrong with it shows when it is written
  }
  throw new UsageError({
    code: "FILE_EXISTS",
    message: "There is something at this path already, and it stays as it is.",
    value: path,
    next: "name another with -o, or put the CAR in its place with --force",
  });
}

type ContentRef = { readonly cid: string } | ProjectRef;

function contentRef(text: string): ContentRef {
  return isCid(text) ? { cid: cidRef(text) } : projectRef(text);
}

async function find(
  context: CommandContext,
  what: ContentRef,
  version: number | undefined,
  gateway: CarSource | undefined,
): Promise<{ cid: string; sources: readonly CarSource[]; projectId?: bigint }> {
  const { signal } = context;
  if ("cid" in what && gateway !== undefined) return { cid: what.cid, sources: [gateway] };
  const client = await context.client();
  if ("cid" in what) {
    return { cid: what.cid, sources: replicaSources(await replicasOfCid(client, what.cid, signal)) };
  }
  const { cid, replicas, project } = await projectContent(client, { project: what, version, context });
  const sources = gateway === undefined ? replicaSources(replicas) : [gateway];
  return { cid, sources, projectId: project.projectId };
}

/** Of so many projects with the same content the nodes are asked. */
const MAX_PROJECTS = 20;

/** The nodes of the projects that have a version with this CID, the newest projects of many. */
async function replicasOfCid(client: NetworkClient, cid: string, signal: AbortSignal): Promise<Replica[]> {
  const projectIds = (await readProjectsNaming(client, { cid, signal })).slice(-MAX_PROJECTS);
  if (projectIds.length === 0) {
    throw new CliError({
      code: "CID_UNKNOWN",
      message: "No version of any project names this CID.",
      value: cid,
      next: "name a trustless IPFS gateway with --gateway",
    });
  }
  const found = await mapInWindows(projectIds, (projectId) => lens.projectOf(client, { projectId }));
  return replicasOf(client, [...new Set(found.flatMap(({ nodeIds }) => nodeIds))]);
}
