import { z } from "zod";
import type { Replica } from "./Replica.ts";
import { readJson } from "./readJson.ts";

const version = z.int().min(0);
const statusSchema = z.object({
  projectId: z.string(),
  /** The version that the chain names; 0 before the node knows one. */
  wanted: version.nullish(),
  /** The version that the node serves. */
  active: version.nullish(),
  /** The versions that the node holds and has checked. */
  ready: z.array(version),
  /** Why it does not serve what the chain names. */
  code: z.string().optional(),
});

/** How far a node is with a project. */
export type ProjectStatus = z.infer<typeof statusSchema>;

/** A status is small and at hand: a node that does not answer soon is asked again. */
const TIMEOUT_MS = 5_000;

/**
 * Asks a node how far it is with a project. The node answers at its own name: no visitor's request, nothing is charged.
 *
 * @throws {NodeError} as `readJson` does.
 */
export async function projectStatus(
  { endpoint }: Replica,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<ProjectStatus> {
  const path = `/.well-known/worker3/projects/${projectId}`;
  return readJson({ endpoint, path, schema: statusSchema, timeoutMs: TIMEOUT_MS, signal });
}
