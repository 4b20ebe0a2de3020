import { bindingKinds, type KindsConfig } from "../bindings/index.ts";
import { merged } from "../bindings/merged.ts";
import { present, some } from "../bindings/values.ts";
import type { Manifest } from "./schema.ts";

/** What is read of wrangler's configuration, as wrangler normalises it for one environment. */
export interface WranglerConfig extends KindsConfig {
  readonly compatibility_date?: string | undefined;
  readonly compatibility_flags?: readonly string[] | undefined;
  readonly limits?: { readonly cpu_ms?: number | undefined } | undefined;
}

/**
 * What a manifest takes from wrangler's configuration: all but the modules. What the configuration leaves out stays out.
 *
 * @throws {Worker3Error} `UNSUPPORTED_FIELD`.
 */
export function fromWrangler(config: WranglerConfig): Omit<Manifest, "manifest" | "main" | "modules"> {
  const parts: readonly Partial<Manifest>[] = bindingKinds.map((kind) => kind.fromWrangler(config));
  const cpuMs = config.limits?.cpu_ms;
  return present({
    ...merged(parts),
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: some(config.compatibility_flags),
    bindings: some(parts.flatMap(({ bindings = [] }) => bindings)),
    limits: cpuMs === undefined ? undefined : { cpuMs },
  });
}
