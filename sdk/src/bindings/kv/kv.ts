import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { jsIdentifier, storeId } from "../values.ts";

export interface KvConfig {
  readonly kv_namespaces: readonly { readonly binding: string; readonly id?: unknown }[];
}

/** A KV namespace. */
export const kv = {
  kind: "kv",
  entry: z.strictObject({ type: z.literal("kv"), name: jsIdentifier, id: storeId }),
  calledBy: "name",
  placement: "home",
  fields: {
    kv_namespaces: { items: { binding: "taken", id: "taken", preview_id: "ignored", remote: "ignored" } },
  },
  fromWrangler: ({ kv_namespaces }) => ({
    bindings: kv_namespaces.map(({ binding, id }) => ({
      type: "kv" as const,
      name: binding,
      // Wrangler makes a namespace where the file names none; here the binding's name is enough.
      id: typeof id === "string" ? id : binding,
    })),
  }),
} as const satisfies BindingKind<object, KvConfig>;
