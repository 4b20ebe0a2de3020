import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { jsIdentifier } from "../values.ts";

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export interface VarsConfig {
  readonly vars: Readonly<Record<string, unknown>>;
}

const schema = z.record(
  jsIdentifier,
  z.custom<JsonValue>(() => true),
);

export interface VarsPart {
  readonly vars?: z.infer<typeof schema> | undefined;
}

/** Variables: a property of `env` each, text or JSON. */
export const vars = {
  kind: "vars",
  keys: { vars: z.optional(schema) },
  names: ({ vars = {} }) => Object.keys(vars).map((name) => ({ path: ["vars", name], value: name })),
  placement: "everywhere",
  fields: { vars: "taken" },
  fromWrangler: ({ vars }) =>
    Object.keys(vars).length === 0 ? {} : { vars: vars as Record<string, JsonValue> },
} as const satisfies BindingKind<VarsPart, VarsConfig>;
