import { migrationIssues } from "../bindings/durableObject/migrations.ts";
import { checkPath } from "../content/checkPath.ts";
import { PathError } from "../content/errors.ts";
import { foldName } from "../content/foldName.ts";
import type { ManifestIssue } from "./errors.ts";
import type { Manifest } from "./schema.ts";
import { shownPath } from "./shownPath.ts";
import { shownValue } from "./shownValue.ts";

/** What the parts of a manifest, each good on its own, say of each other that cannot be. */
export function relationIssues(manifest: Manifest): ManifestIssue[] {
  return [
    ...workerIssues(manifest),
    ...moduleIssues(manifest),
    ...nameIssues(manifest),
    ...duplicateIssues("compatibilityFlags", manifest.compatibilityFlags ?? []),
    ...duplicateIssues("crons", manifest.crons ?? []),
    ...migrationIssues(manifest),
  ];
}

function workerIssues(manifest: Manifest): ManifestIssue[] {
  const { main, modules } = manifest;
  if (main === undefined) return withoutWorkerIssues(manifest);
  const issues: ManifestIssue[] = [];
  if (manifest.compatibilityDate === undefined)
    issues.push({ path: "compatibilityDate", message: "is missing" });
  const type = modules !== undefined && Object.hasOwn(modules, main) ? modules[main] : undefined;
  const value = shownValue(main);
  if (type === undefined) issues.push({ path: "main", message: "is not among the modules", value });
  else if (type !== "esm")
    issues.push({ path: "main", message: `must be an esm module, not ${type}`, value });
  return issues;
}

/** A folder of static files: nothing in its manifest may need a worker. Empty lists need none. */
function withoutWorkerIssues(manifest: Manifest): ManifestIssue[] {
  const needy: [path: string, value: unknown][] = [
    ["modules", manifest.modules],
    ["vars", manifest.vars],
    ["bindings", manifest.bindings],
    ["migrations", manifest.migrations],
    ["crons", manifest.crons],
    ["assets.binding", manifest.assets?.binding],
    ["assets.runWorkerFirst", manifest.assets?.runWorkerFirst || undefined],
  ];
  const message = "needs a worker, but there is no main";
  const issues: ManifestIssue[] = needy
    .filter(
      ([, value]) =>
        value !== undefined && (typeof value !== "object" || Object.keys(value ?? {}).length > 0),
    )
    .map(([path, value]) => ({ path, message, value: shownValue(value) }));
  if (manifest.assets === undefined) {
    issues.push({ path: "worker3.json", message: "has nothing to serve: neither main nor assets" });
  }
  return issues;
}

function moduleIssues(manifest: Manifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const folded = new Map<string, string>();
  for (const name of Object.keys(manifest.modules ?? {})) {
    const path = shownPath(["modules", name]);
    const problem = pathProblem(name);
    if (problem !== undefined) issues.push({ path, message: problem, value: shownValue(name) });
    const twin = folded.get(foldName(name));
    if (twin !== undefined)
      issues.push({ path, message: `differs from "${twin}" only in case or form`, value: shownValue(name) });
    folded.set(foldName(name), name);
  }
  return issues;
}

function pathProblem(path: string): string | undefined {
  try {
    checkPath(path);
    return undefined;
  } catch (error) {
    if (error instanceof PathError) return `is not a path inside worker/: ${error.message}`;
    throw error;
  }
}

/** Everything that becomes a property of `env` has a name of its own. */
function nameIssues(manifest: Manifest): ManifestIssue[] {
  const named: { name: string; path: string }[] = Object.keys(manifest.vars ?? {}).map((name) => ({
    name,
    path: shownPath(["vars", name]),
  }));
  for (const [index, binding] of (manifest.bindings ?? []).entries()) {
    if (binding.type !== "queue_consumer")
      named.push({ name: binding.name, path: `bindings[${index}].name` });
  }
  if (manifest.assets?.binding !== undefined)
    named.push({ name: manifest.assets.binding, path: "assets.binding" });

  const consumed = (manifest.bindings ?? []).flatMap((binding, index) =>
    binding.type === "queue_consumer" ? [{ name: binding.queue, path: `bindings[${index}].queue` }] : [],
  );
  return [...takenIssues(named), ...takenIssues(consumed)];
}

function takenIssues(named: readonly { name: string; path: string }[]): ManifestIssue[] {
  const first = new Map<string, string>();
  const issues: ManifestIssue[] = [];
  for (const { name, path } of named) {
    const taken = first.get(name);
    if (taken === undefined) first.set(name, path);
    else issues.push({ path, message: `is taken by ${taken}`, value: shownValue(name) });
  }
  return issues;
}

function duplicateIssues(key: string, values: readonly string[]): ManifestIssue[] {
  return takenIssues(values.map((name, index) => ({ name, path: `${key}[${index}]` })));
}
