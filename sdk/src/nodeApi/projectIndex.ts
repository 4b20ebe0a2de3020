import { type Address, isAddress } from "viem";
import { z } from "zod";
import type { AskNode } from "./documents.ts";
import { readJson } from "./readJson.ts";

/** A node that is asked for this reads its disk. */
const TIMEOUT_MS = 5_000;

const projectId = z
  .string()
  .regex(/^[1-9]\d{0,19}$/, "is no project's id")
  .transform(BigInt);
const indexSchema = z.object({
  block: z.int().min(0),
  projects: z
    .array(
      z.object({
        projectId,
        owner: z.custom<Address>((text) => typeof text === "string" && isAddress(text), "is no address"),
        domains: z.array(z.string().max(255)).max(100),
      }),
    )
    .max(1_000),
  next: projectId.nullable(),
});

/** A page of what a node says that an account owns. Not to be believed without the chain. */
export type ProjectIndexPage = z.output<typeof indexSchema>;

/**
 * Asks a node which projects an account owns, by their ids.
 *
 * @param after Those with larger ids alone.
 * @param limit 1 to 100.
 * @throws {NodeError} as `readJson` does.
 */
export function readProjectIndex({
  endpoint,
  owner,
  after,
  limit,
  signal,
}: AskNode & {
  readonly owner: Address;
  readonly after: bigint;
  readonly limit: number;
}): Promise<ProjectIndexPage> {
  const page = after === 0n ? "" : `&after=${after}`;
  const path = `/.well-known/worker3/index/projects?owner=${owner}&limit=${limit}${page}`;
  return readJson({ endpoint, path, schema: indexSchema, timeoutMs: TIMEOUT_MS, signal });
}
