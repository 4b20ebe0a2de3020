import type { Manifest } from "./schema.ts";

/**
 * Whether a project has a home: one replica that alone runs the worker, because it keeps state or time. So it is with
 * KV, D1, Durable Objects, queues and workflows, which are all the bindings there are, and with crons.
 */
export function isHomed(manifest: Manifest): boolean {
  return (manifest.bindings?.length ?? 0) > 0 || (manifest.crons?.length ?? 0) > 0;
}
