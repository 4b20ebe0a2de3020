import { lens, type Manifest, type NetworkClient, nodes, projects, REGIONS, usesOf } from "@worker3/sdk";
import { checkNodes } from "./checkNodes.ts";
import type { DeployOptions } from "./options.ts";

export interface AskEarlyParameters {
  readonly options: Pick<DeployOptions, "nodes" | "regions" | "replicas" | "cap">;
  /** Undefined: the project is still to be made. */
  readonly projectId: bigint | undefined;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Kinds that every node has. */
const EVERYWHERE = new Set(["vars", "assets"]);
/** What the contract draws when it is not told otherwise. */
const DEFAULT_COUNT = 3;

/**
 * Asks nodes before a project is bundled, where its configuration asks for more than code, variables and files: who learns
 * that no node has key-value storage should not have waited for a build first. They are asked again when the worker is known.
 *
 * @returns What `packProject` calls with the configuration's part of the manifest. It throws as `checkNodes` does.
 */
export function askEarly(
  client: NetworkClient,
  { options, projectId, patienceMs, signal }: AskEarlyParameters,
): (manifest: Manifest) => Promise<void> {
  const seats = async (): Promise<readonly number[]> => {
    if (projectId !== undefined) {
      const { nodeIds } = await lens.projectOf(client, { projectId });
      return nodeIds.filter((nodeId) => nodeId !== 0);
    }
    if (options.nodes !== undefined) return options.nodes;
    const { replicas: count = DEFAULT_COUNT, regions = REGIONS } = options;
    const cap = options.cap ?? (await projects.defaultCap(client));
    return nodes.draw(client, { count: BigInt(count), regions, seed: BigInt(Date.now()), cap });
  };
  return async (manifest) => {
    if (usesOf(manifest).every(({ kind }) => EVERYWHERE.has(kind))) return;
    const packed = { manifest, workerBytes: 0 };
    await checkNodes(client, { nodeIds: await seats(), packed, patienceMs, signal });
  };
}
