import * as z from "zod/mini";
import type { BindingKind, PartIssue } from "../BindingKind.ts";
import { REFUSALS } from "../fieldRules.ts";
import { jsIdentifier, some } from "../values.ts";
import {
  type Migration,
  type MigrationsConfig,
  migration,
  migrationsOf,
  playMigrations,
} from "./migrations.ts";

export interface DurableObjectConfig extends MigrationsConfig {
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[];
  };
}

export interface DurableObjectPart {
  readonly bindings?: readonly { readonly type: string; readonly className?: string }[] | undefined;
  readonly migrations?: readonly Migration[] | undefined;
}

/** A class of Durable Objects, and the migrations by which classes come and go. */
export const durableObject = {
  kind: "durable_object",
  entry: z.strictObject({ type: z.literal("durable_object"), name: jsIdentifier, className: jsIdentifier }),
  calledBy: "name",
  keys: { migrations: z.optional(z.array(migration)) },
  issues: classIssues,
  placement: "home",
  fields: {
    durable_objects: {
      fields: {
        bindings: {
          items: {
            name: "taken",
            class_name: "taken",
            script_name: REFUSALS.otherWorker,
            environment: REFUSALS.otherWorker,
          },
        },
        code_update_strategy: { notice: "a new version's objects start when the old ones have stopped" },
      },
    },
    migrations: {
      items: {
        tag: "taken",
        new_classes: "taken",
        new_sqlite_classes: "taken",
        renamed_classes: "taken",
        deleted_classes: "taken",
        transferred_classes: REFUSALS.otherWorker,
      },
    },
  },
  fromWrangler: (config) => ({
    bindings: config.durable_objects.bindings.map(({ name, class_name }) => ({
      type: "durable_object" as const,
      name,
      className: class_name,
    })),
    migrations: some(migrationsOf(config)),
  }),
} as const satisfies BindingKind<DurableObjectPart, DurableObjectConfig>;

/** What the migrations do wrong, and the bindings of classes that are not there after them. */
function classIssues({ bindings = [], migrations = [] }: DurableObjectPart): PartIssue[] {
  const { classes, issues } = playMigrations(migrations);
  for (const [index, { type, className }] of bindings.entries()) {
    if (type !== "durable_object" || className === undefined || classes.has(className)) continue;
    const message = "is a class that no migration makes (newSqliteClasses)";
    issues.push({ path: ["bindings", index, "className"], message, value: className });
  }
  return issues;
}
