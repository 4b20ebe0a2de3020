import * as z from "zod/mini";
import type { PartIssue } from "../BindingKind.ts";
import { jsIdentifier, present, storeId } from "../values.ts";

/** What happens to Durable Object classes from one version to the next. */
export const migration = z.strictObject({
  tag: storeId,
  newClasses: z.optional(z.array(jsIdentifier)),
  newSqliteClasses: z.optional(z.array(jsIdentifier)),
  renamedClasses: z.optional(z.array(z.strictObject({ from: jsIdentifier, to: jsIdentifier }))),
  deletedClasses: z.optional(z.array(jsIdentifier)),
});

export type Migration = z.infer<typeof migration>;

export interface MigrationsConfig {
  readonly migrations: readonly {
    readonly tag: string;
    readonly new_classes?: string[] | undefined;
    readonly new_sqlite_classes?: string[] | undefined;
    readonly renamed_classes?: readonly { readonly from: string; readonly to: string }[] | undefined;
    readonly deleted_classes?: string[] | undefined;
  }[];
}

/** Wrangler's migrations in the manifest's words. */
export function migrationsOf({ migrations }: MigrationsConfig): Migration[] {
  return migrations.map((each) =>
    present({
      tag: each.tag,
      newClasses: each.new_classes,
      newSqliteClasses: each.new_sqlite_classes,
      renamedClasses: each.renamed_classes?.map(({ from, to }) => ({ from, to })),
      deletedClasses: each.deleted_classes,
    }),
  );
}

/**
 * Plays the migrations in their order: a class is made once, renamed and deleted only while it is there.
 *
 * @returns The classes that are there at the end, and what is wrong.
 */
export function playMigrations(migrations: readonly Migration[]): {
  classes: ReadonlySet<string>;
  issues: PartIssue[];
} {
  const issues: PartIssue[] = [];
  const classes = new Set<string>();
  const tags = new Set<string>();
  for (const [index, migration] of migrations.entries()) {
    const refuse = (path: readonly PropertyKey[], message: string, value: string): void => {
      issues.push({ path: ["migrations", index, ...path], message, value });
    };
    if (tags.has(migration.tag)) refuse(["tag"], "is the tag of an earlier migration", migration.tag);
    tags.add(migration.tag);
    for (const key of ["newClasses", "newSqliteClasses"] as const) {
      for (const [place, name] of (migration[key] ?? []).entries()) {
        if (classes.has(name)) refuse([key, place], "is a class that is there already", name);
        classes.add(name);
      }
    }
    for (const [place, { from, to }] of (migration.renamedClasses ?? []).entries()) {
      const path = ["renamedClasses", place];
      if (!classes.delete(from)) refuse([...path, "from"], "is a class that no migration made", from);
      if (classes.has(to)) refuse([...path, "to"], "is a class that is there already", to);
      classes.add(to);
    }
    for (const [place, name] of (migration.deletedClasses ?? []).entries()) {
      if (!classes.delete(name)) refuse(["deletedClasses", place], "is a class that no migration made", name);
    }
  }
  return { classes, issues };
}
