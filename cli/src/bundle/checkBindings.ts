import { envNames, type Manifest } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import type { WorkerUpload } from "./readUpload.ts";

/**
 * Makes sure that everything which wrangler would bind to the worker is in the manifest: a second look, at what comes out,
 * after `checkFields` looked at what goes in.
 *
 * @throws {BundleError} `UNSUPPORTED_BINDING`; `value` is the binding's name.
 */
export function checkBindings(bindings: WorkerUpload["bindings"], manifest: Manifest): void {
  const known = new Set(envNames(manifest).map(({ value }) => value));
  const missing = bindings.find(({ name }) => !known.has(name));
  if (missing === undefined) return;
  throw new BundleError({
    code: "UNSUPPORTED_BINDING",
    message: `The worker has a binding of type ${missing.type}, which nodes do not have.`,
    value: missing.name,
    next: "do without it, or deploy to Cloudflare",
  });
}
