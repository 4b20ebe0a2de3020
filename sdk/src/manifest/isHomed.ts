import { type Manifest, manifestKinds } from "./schema.ts";
import { keysUsed } from "./uses.ts";

/** Whether a project has a home: one replica that alone runs the worker, because of a kind that asks for that. */
export function isHomed(manifest: Manifest): boolean {
  return manifestKinds.some((kind) => {
    if (kind.placement !== "home") return false;
    // A kind with entries is used by them; its keys say more about those.
    if (kind.entry === undefined) return keysUsed(kind, manifest).length > 0;
    return manifest.bindings?.some(({ type }) => type === kind.kind) ?? false;
  });
}
