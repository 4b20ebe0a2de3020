import * as z from "zod/mini";
import type { BindingKind } from "../bindings/BindingKind.ts";
import { bindingKinds } from "../bindings/index.ts";
import { merged } from "../bindings/merged.ts";
import { whole } from "../bindings/values.ts";

/** How a module is loaded, in the words of `wrangler`'s rules. */
export const MODULE_TYPES = ["esm", "commonjs", "text", "data", "wasm", "json"] as const;

/** Flags that no tenant gets, however the node's own list of flags looks: they reach out of the sandbox's model. */
const REFUSED_FLAGS = /^(experimental|unsafe_module|python_workers.*|.*unsafe.*)$/;

/** Which form the manifest and the folder around it have. Another number is content of another time. */
const MANIFEST_NUMBER = 2;

const limit = whole(1, 2_147_483_647);

const compatibilityFlag = z.string().check(
  z.regex(/^[a-z][a-z0-9_]*$/, "must be lower case letters, digits and underscores"),
  z.refine((flag) => !REFUSED_FLAGS.test(flag), "is a flag that no deployment gets"),
);

const entries = bindingKinds.flatMap((kind) => ("entry" in kind ? [kind.entry] : []));
type Entry = (typeof entries)[number];
const binding = z.discriminatedUnion("type", entries as [Entry, ...Entry[]]);

const { assets, vars, ...otherKeys } = merged(
  bindingKinds.flatMap((kind) => ("keys" in kind ? [kind.keys] : [])),
);

/**
 * The shape of `.worker3/manifest.json`: each part on its own. What parts say of each other is in `relationIssues`. Issues come in
 * the order of these keys.
 */
export const manifestSchema = z.strictObject({
  manifest: z.literal(MANIFEST_NUMBER),
  main: z.optional(z.string()),
  modules: z.optional(z.record(z.string(), z.enum(MODULE_TYPES))),
  compatibilityDate: z.optional(z.iso.date("must be a date like 2026-11-01")),
  compatibilityFlags: z.optional(z.array(compatibilityFlag)),
  assets,
  vars,
  bindings: z.optional(z.array(binding)),
  ...otherKeys,
  limits: z.optional(
    z.strictObject({ cpuMs: z.optional(limit), memoryMiB: z.optional(limit), bodyMiB: z.optional(limit) }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Binding = z.infer<typeof binding>;
export type ModuleType = (typeof MODULE_TYPES)[number];

/** The kinds as those see them who go through all of them. */
export const manifestKinds: readonly BindingKind<Manifest>[] = bindingKinds;
