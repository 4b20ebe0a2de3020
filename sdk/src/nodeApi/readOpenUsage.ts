import { z } from "zod";
import { readJson } from "./readJson.ts";

const uint64 = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, "is no decimal string")
  .transform(BigInt);
const usage = { requests: uint64, cpuMs: uint64, egressKiB: uint64 };
/** The totals stand at the top, or under `totals` as in a usage statement. */
const schema = z.union([
  z.object(usage),
  z.object({ totals: z.object(usage) }).transform(({ totals }) => totals),
]);

/** What a node measured, before the chain knows it. */
export interface OpenUsage {
  readonly requests: bigint;
  readonly cpuMs: bigint;
  readonly egressKiB: bigint;
}

export interface ReadOpenUsageParameters {
  readonly endpoint: string;
  readonly projectId: bigint;
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a node says it served for a project in an epoch so far.
 *
 * @throws {NodeError} It cannot be asked, or has no answer.
 */
export async function readOpenUsage(parameters: ReadOpenUsageParameters): Promise<OpenUsage> {
  const { endpoint, projectId, epoch, signal } = parameters;
  const path = `/.well-known/worker3/usage/${projectId}/${epoch}`;
  return readJson({ endpoint, path, schema, timeoutMs: 5_000, signal });
}
