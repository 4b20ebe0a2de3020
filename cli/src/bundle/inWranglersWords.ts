import { type Manifest, ManifestError, type ManifestIssue, parseManifest } from "@worker3/sdk";
import type { Unstable_Config } from "wrangler";

/** Where the entries of each kind stand in wrangler's configuration, and what it calls their names. */
const LISTS: Readonly<Record<Binding["type"], { readonly list: string; readonly name: string }>> = {
  kv: { list: "kv_namespaces", name: "binding" },
  d1: { list: "d1_databases", name: "binding" },
  durable_object: { list: "durable_objects.bindings", name: "name" },
  queue_producer: { list: "queues.producers", name: "binding" },
  queue_consumer: { list: "queues.consumers", name: "queue" },
  workflow: { list: "workflows", name: "binding" },
  service: { list: "services", name: "binding" },
};
type Binding = NonNullable<Manifest["bindings"]>[number];

const MAIN = "index.js";

/**
 * Checks what a manifest takes from wrangler's configuration before anything is bundled, and names what is wrong as the
 * configuration does: `compatibility_flags[0]`, `kv_namespaces[1].binding`.
 *
 * @throws {ManifestError} `MANIFEST_INVALID` with all issues.
 */
export function inWranglersWords(
  config: Pick<Unstable_Config, "main" | "pages_build_output_dir">,
  said: Omit<Manifest, "manifest" | "main" | "modules">,
): void {
  // A worker that is still to be made: what needs one is looked at again when it is known whether there is.
  const worker = {
    main: MAIN,
    modules: { [MAIN]: "esm" as const },
    compatibilityDate: said.compatibilityDate ?? "2026-11-01",
  };
  const hasWorker = config.main !== undefined || config.pages_build_output_dir !== undefined;
  // A site without a worker runs by no date, no flags and no limits.
  const { compatibilityDate: _, compatibilityFlags: __, limits: ___, ...ofSite } = said;
  try {
    parseManifest({ manifest: 2, ...(hasWorker ? { ...said, ...worker } : { assets: {}, ...ofSite }) });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const [first, ...others] = error.issues.map((issue) => renamed(issue, said.bindings ?? []));
    if (first === undefined) throw error;
    throw new ManifestError("MANIFEST_INVALID", [first, ...others], error);
  }
}

function renamed(issue: ManifestIssue, bindings: readonly Binding[]): ManifestIssue {
  return { ...issue, path: wranglersPath(issue.path, bindings) };
}

function wranglersPath(path: string, bindings: readonly Binding[]): string {
  const [, index, rest = ""] = /^bindings\[(\d+)\](.*)$/.exec(path) ?? [];
  const binding = index === undefined ? undefined : bindings[Number(index)];
  if (binding === undefined) return path.startsWith("vars") ? path : ownPath(path);
  const before = bindings.slice(0, Number(index)).filter(({ type }) => type === binding.type).length;
  const { list, name } = LISTS[binding.type];
  return `${list}[${before}]${snake(rest.replace(/^\.name\b/, `.${name}`))}`;
}

function ownPath(path: string): string {
  return path.startsWith("crons") ? `triggers.${path}` : snake(path);
}

function snake(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
