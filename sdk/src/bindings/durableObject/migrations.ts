import type { ManifestIssue } from "../../manifest/errors.ts";
import type { Manifest } from "../../manifest/schema.ts";
import { shownValue } from "../../manifest/shownValue.ts";

/**
 * Plays the migrations in their order: a class is made once, renamed and deleted only while it is there, and every
 * Durable Object binding names a class that is there at the end.
 */
export function migrationIssues(manifest: Manifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const classes = new Set<string>();
  const tags = new Set<string>();
  for (const [index, migration] of (manifest.migrations ?? []).entries()) {
    const at = `migrations[${index}]`;
    const refuse = (key: string, message: string, value: string): void => {
      issues.push({ path: `${at}.${key}`, message, value: shownValue(value) });
    };
    if (tags.has(migration.tag)) refuse("tag", "is the tag of an earlier migration", migration.tag);
    tags.add(migration.tag);
    for (const key of ["newClasses", "newSqliteClasses"] as const) {
      for (const [place, name] of (migration[key] ?? []).entries()) {
        if (classes.has(name)) refuse(`${key}[${place}]`, "is a class that is there already", name);
        classes.add(name);
      }
    }
    for (const [place, { from, to }] of (migration.renamedClasses ?? []).entries()) {
      if (!classes.delete(from))
        refuse(`renamedClasses[${place}].from`, "is a class that no migration made", from);
      if (classes.has(to)) refuse(`renamedClasses[${place}].to`, "is a class that is there already", to);
      classes.add(to);
    }
    for (const [place, name] of (migration.deletedClasses ?? []).entries()) {
      if (!classes.delete(name))
        refuse(`deletedClasses[${place}]`, "is a class that no migration made", name);
    }
  }
  for (const [index, binding] of (manifest.bindings ?? []).entries()) {
    if (binding.type !== "durable_object" || classes.has(binding.className)) continue;
    const message = "is a class that no migration makes (newSqliteClasses)";
    issues.push({ path: `bindings[${index}].className`, message, value: shownValue(binding.className) });
  }
  return issues;
}
