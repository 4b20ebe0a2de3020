import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { REFUSALS } from "../fieldRules.ts";
import { jsIdentifier, storeId } from "../values.ts";

export interface D1Config {
  readonly d1_databases: readonly {
    readonly binding: string;
    readonly database_id?: unknown;
    readonly database_name?: string | undefined;
  }[];
}

/** A D1 database. */
export const d1 = {
  kind: "d1",
  entry: z.strictObject({ type: z.literal("d1"), name: jsIdentifier, id: storeId }),
  calledBy: "name",
  placement: "home",
  fields: {
    d1_databases: {
      items: {
        binding: "taken",
        database_id: "taken",
        database_name: "taken",
        jurisdiction: REFUSALS.noPlace,
        preview_database_id: "ignored",
        migrations_table: "ignored",
        migrations_dir: "ignored",
        migrations_pattern: "ignored",
        database_internal_env: "ignored",
        remote: "ignored",
      },
    },
  },
  fromWrangler: ({ d1_databases }) => ({
    bindings: d1_databases.map(({ binding, database_id, database_name }) => ({
      type: "d1" as const,
      name: binding,
      id: (typeof database_id === "string" ? database_id : database_name) ?? binding,
    })),
  }),
} as const satisfies BindingKind<object, D1Config>;
