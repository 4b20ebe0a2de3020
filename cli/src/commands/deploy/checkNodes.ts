import { askSupport, type NetworkClient, type NodeSupport, replicasOf } from "@worker3/sdk";
import type { PackedProject } from "../../upload/packProject.ts";

export interface CheckNodesParameters {
  /** The nodes that serve the project; of a project that is not there yet those that would be drawn now. */
  readonly nodeIds: readonly number[];
  readonly packed: Pick<PackedProject, "manifest" | "workerBytes">;
  readonly signal: AbortSignal;
}

/**
 * Asks the project's nodes whether they can run it, before anything is paid.
 *
 * @returns What a person should know, a line each.
 * @throws {SupportError} Of the nodes that answered none can.
 */
export async function checkNodes(
  client: NetworkClient,
  { nodeIds, packed, signal }: CheckNodesParameters,
): Promise<string[]> {
  const { manifest, workerBytes: scriptBytes } = packed;
  const replicas = await replicasOf(client, nodeIds);
  return judgeNodes(await askSupport(replicas, { manifest, scriptBytes, signal }));
}

/**
 * Whether a project can go to its nodes: to some that can run it, or where none said that it cannot. One node alone has no
 * veto, and none that is away.
 *
 * @throws {SupportError} Of the nodes that answered none can.
 */
export function judgeNodes(nodes: readonly NodeSupport[]): string[] {
  const refusing = nodes.find(({ runs }) => runs === "no");
  if (refusing?.error !== undefined && !nodes.some(({ runs }) => runs === "yes")) throw refusing.error;
  return nodes.flatMap(({ nodeId, runs, error }) => {
    const reason = error?.message ?? "";
    if (runs === "yes") return [];
    return runs === "no"
      ? [`node ${nodeId} will not serve this: ${reason}`]
      : [`node ${nodeId} does not say whether it can run this: ${reason}`];
  });
}
