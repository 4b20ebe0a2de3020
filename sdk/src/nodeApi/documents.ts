import { z } from "zod";
import type { Capabilities } from "../manifest/checkSupported.ts";
import { readJson } from "./readJson.ts";

/** What nodes tell is small and at hand: one that does not answer soon is taken for away. */
const TIMEOUT_MS = 5_000;

/** Which node is asked. */
export interface AskNode {
  /** As the registry has it: `https://host[:port]`. */
  readonly endpoint: string;
  readonly signal?: AbortSignal | undefined;
}

const capabilitiesSchema: z.ZodType<Capabilities> = z.object({
  compatibilityDate: z.iso.date(),
  bindings: z.array(z.string()),
  compatibilityFlags: z.array(z.string()).optional(),
  scriptBytes: z.int().min(0).optional(),
});
const nodeSchema = z.object({
  nodeId: z.int(),
  capabilities: capabilitiesSchema,
});

/** What a node says of itself, as far as a deployment depends on it. */
export type NodeDocument = z.infer<typeof nodeSchema>;

/**
 * Asks a node what it is and what it can run.
 *
 * @throws {NodeError} as `readJson` does.
 */
export function readNodeDocument({ endpoint, signal }: AskNode): Promise<NodeDocument> {
  const path = "/.well-known/worker3/node";
  return readJson({ endpoint, path, schema: nodeSchema, timeoutMs: TIMEOUT_MS, signal });
}

const version = z.int().min(0);
const statusSchema = z.object({
  projectId: z.string(),
  /** The version that the chain names; 0 before the node knows one. */
  wanted: version.nullish(),
  /** The version that the node serves. */
  active: version.nullish(),
  /** The second version, that some visitors get. */
  split: z.object({ version }).nullish(),
  /** The versions that the node holds and has checked. */
  ready: z.array(version),
  /** Why it does not serve what the chain names. */
  code: z.string().optional(),
});

/** How far a node is with a project. */
export type ProjectStatus = z.infer<typeof statusSchema>;

/**
 * Asks a node how far it is with a project. The node answers at its own name: no visitor's request, nothing is charged.
 *
 * @throws {NodeError} as `readJson` does.
 */
export function readProjectStatus({
  endpoint,
  projectId,
  signal,
}: AskNode & { readonly projectId: bigint }): Promise<ProjectStatus> {
  const path = `/.well-known/worker3/projects/${projectId}`;
  return readJson({ endpoint, path, schema: statusSchema, timeoutMs: TIMEOUT_MS, signal });
}

const uint64 = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, "is no decimal string")
  .transform(BigInt);
const totals = { requests: uint64, cpuMs: uint64, egressKiB: uint64, storedMiB: uint64 };
/** The totals stand at the top, or under `totals` as in a usage statement. */
const usageSchema = z.union([
  z.object(totals),
  z.object({ totals: z.object(totals) }).transform(({ totals }) => totals),
]);

/** What a node measured for a project in an epoch, before the chain knows it. */
export interface NodeTotals {
  readonly requests: bigint;
  readonly cpuMs: bigint;
  readonly egressKiB: bigint;
  readonly storedMiB: bigint;
}

/**
 * What a node says it served for a project in an epoch so far.
 *
 * @throws {NodeError} as `readJson` does.
 */
export function readNodeUsage({
  endpoint,
  projectId,
  epoch,
  signal,
}: AskNode & { readonly projectId: bigint; readonly epoch: number }): Promise<NodeTotals> {
  const path = `/.well-known/worker3/usage/${projectId}/${epoch}`;
  return readJson({ endpoint, path, schema: usageSchema, timeoutMs: TIMEOUT_MS, signal });
}
