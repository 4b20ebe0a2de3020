import type { BindingKind, Located } from "../bindings/BindingKind.ts";
import { MANIFEST_PATH, WORKER_DIRECTORY } from "../content/checkLayout.ts";
import { checkPath } from "../content/checkPath.ts";
import { PathError } from "../content/errors.ts";
import { foldName } from "../content/foldName.ts";
import type { ManifestIssue } from "./errors.ts";
import { type Manifest, manifestKinds } from "./schema.ts";
import { shownPath } from "./shownPath.ts";
import { shownValue } from "./shownValue.ts";
import { afterEntries, beforeEntries, entriesCalledBy, envNames } from "./uses.ts";

/** What the parts of a manifest, each good on its own, say of each other that cannot be. */
export function relationIssues(manifest: Manifest): ManifestIssue[] {
  return [
    ...workerIssues(manifest),
    ...moduleIssues(manifest),
    ...nameIssues(manifest),
    ...["compatibilityFlags", ...manifestKinds.flatMap(({ distinct = [] }) => distinct)].flatMap((key) =>
      takenIssues(itemsOf(manifest, key)),
    ),
    ...manifestKinds
      .flatMap((kind) => kind.issues?.(manifest) ?? [])
      .map(({ message, ...located }) => issueAt(located, message)),
  ];
}

function issueAt({ path, value }: Located, message: string): ManifestIssue {
  return { path: shownPath(path), message, value: shownValue(value) };
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
  const needsOf = (kind: BindingKind<Manifest>): readonly Located[] =>
    kind.needsWorker?.(manifest) ??
    Object.keys(kind.keys ?? {}).map((key) => ({ path: [key], value: Reflect.get(manifest, key) }));
  const issues = [
    { path: ["modules"], value: manifest.modules },
    ...beforeEntries.flatMap(needsOf),
    { path: ["bindings"], value: manifest.bindings },
    ...afterEntries.flatMap(needsOf),
  ]
    .filter(({ value }) => !isEmpty(value))
    .map((located) => issueAt(located, "needs a worker, but there is no main"));
  if (manifest.assets === undefined) {
    issues.push({ path: MANIFEST_PATH, message: "has nothing to serve: neither main nor assets" });
  }
  return issues;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
}

function moduleIssues(manifest: Manifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const folded = new Map<string, string>();
  for (const name of Object.keys(manifest.modules ?? {})) {
    const located = { path: ["modules", name], value: name };
    const problem = pathProblem(name);
    if (problem !== undefined) issues.push(issueAt(located, problem));
    const twin = folded.get(foldName(name));
    if (twin !== undefined) issues.push(issueAt(located, `differs from "${twin}" only in case or form`));
    folded.set(foldName(name), name);
  }
  return issues;
}

function pathProblem(path: string): string | undefined {
  try {
    checkPath(path);
    return undefined;
  } catch (error) {
    if (error instanceof PathError) return `is not a path inside ${WORKER_DIRECTORY}/: ${error.message}`;
    throw error;
  }
}

/** Everything that becomes a property of `env` has a name of its own; so have the entries of a kind that do not. */
function nameIssues(manifest: Manifest): ManifestIssue[] {
  const apart = manifestKinds.map((kind) =>
    kind.calledBy === undefined || kind.calledBy === "name"
      ? []
      : entriesCalledBy(kind.calledBy, [kind], manifest),
  );
  return [envNames(manifest), ...apart].flatMap(takenIssues);
}

function itemsOf(manifest: Manifest, key: string): Located<string>[] {
  const items: readonly string[] = Reflect.get(manifest, key) ?? [];
  return items.map((value, index) => ({ path: [key, index], value }));
}

function takenIssues(named: readonly Located<string>[]): ManifestIssue[] {
  const first = new Map<string, string>();
  const issues: ManifestIssue[] = [];
  for (const located of named) {
    const taken = first.get(located.value);
    if (taken === undefined) first.set(located.value, shownPath(located.path));
    else issues.push(issueAt(located, `is taken by ${taken}`));
  }
  return issues;
}
