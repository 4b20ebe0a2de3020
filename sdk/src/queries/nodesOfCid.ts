import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import * as nodes from "../contracts/nodes/index.ts";
import * as projects from "../contracts/projects/index.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/** Of so many projects with the same content the nodes are asked. */
const MAX_PROJECTS = 20;

/**
 * The nodes of the projects that have a version with this CID. Reads all versions of the network: a CID is not indexed.
 *
 * @throws {Worker3Error} `CID_UNKNOWN`: no version names it; {RpcError} The chain cannot be asked.
 */
export async function nodesOfCid(
  client: NetworkClient,
  { cid, signal }: { cid: string; signal?: AbortSignal | undefined },
): Promise<{ readonly nodeId: number; readonly endpoint: string }[]> {
  const { network } = client;
  const logs = await readLogs(client, {
    signal,
    ask: async (range) => {
      const found = await readEvents(client, {
        address: network.contracts.projectRegistry,
        abi: projectRegistryAbi,
        eventName: "VersionAdded",
        ...range,
      });
      return found.filter(({ args }) => args.cid === cid);
    },
  });
  const projectIds = [...new Set(logs.map(({ args }) => args.projectId))].slice(-MAX_PROJECTS);
  if (projectIds.length === 0) {
    throw new Worker3Error({
      code: "CID_UNKNOWN",
      message: "No version of any project names this CID.",
      value: cid,
      next: "name a trustless IPFS gateway with --gateway",
    });
  }
  const found = await mapInWindows(projectIds, (projectId) => projects.projectOf(client, { projectId }));
  const nodeIds = [...new Set(found.flatMap(({ nodeIds }) => nodeIds))].filter((nodeId) => nodeId !== 0);
  const endpoints = await nodes.endpointsOf(client, { nodeIds });
  return nodeIds.map((nodeId, i) => ({ nodeId, endpoint: endpoints[i] ?? "" }));
}
