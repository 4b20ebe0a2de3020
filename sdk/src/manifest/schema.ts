import * as z from "zod/mini";
import { cronProblem } from "../bindings/crons/cronProblem.ts";

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** How a module is loaded, in the words of `wrangler`'s rules. */
export const MODULE_TYPES = ["esm", "commonjs", "text", "data", "wasm", "json"] as const;

/** Flags that no tenant gets, however the node's own list of flags looks: they reach out of the sandbox's model. */
const REFUSED_FLAGS = /^(experimental|unsafe_module|python_workers.*|.*unsafe.*)$/;

const jsIdentifier = z.string().check(
  z.regex(/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u, "must be a JavaScript identifier"),
  z.refine((name) => name !== "__proto__", "must not be __proto__"),
);

/** A name that may become a part of a file's name on the node. */
const storeId = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
      "must be 1 to 128 letters, digits, dots, dashes or underscores",
    ),
  );

const whole = (min: number, max: number) =>
  z.int().check(z.minimum(min, `must be at least ${min}`), z.maximum(max, `must be at most ${max}`));
const limit = whole(1, 2_147_483_647);

const binding = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("kv"), name: jsIdentifier, id: storeId }),
  z.strictObject({ type: z.literal("d1"), name: jsIdentifier, id: storeId }),
  z.strictObject({ type: z.literal("durable_object"), name: jsIdentifier, className: jsIdentifier }),
  z.strictObject({
    type: z.literal("queue_producer"),
    name: jsIdentifier,
    queue: storeId,
    deliveryDelaySeconds: z.optional(whole(0, 43_200)),
  }),
  z.strictObject({
    type: z.literal("queue_consumer"),
    queue: storeId,
    maxBatchSize: z.optional(whole(1, 100)),
    maxBatchTimeoutSeconds: z.optional(whole(0, 60)),
    maxRetries: z.optional(whole(0, 100)),
    retryDelaySeconds: z.optional(whole(0, 43_200)),
    deadLetterQueue: z.optional(storeId),
  }),
  z.strictObject({
    type: z.literal("workflow"),
    name: jsIdentifier,
    workflow: storeId,
    className: jsIdentifier,
  }),
]);

const rule = z.string().check(z.regex(/^!?\/[^\p{Cc}]*$/u, "must begin with / or !/"));

const assets = z.strictObject({
  binding: z.optional(jsIdentifier),
  htmlHandling: z.optional(
    z.enum(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"]),
  ),
  notFoundHandling: z.optional(z.enum(["none", "404-page", "single-page-application"])),
  runWorkerFirst: z.optional(
    z.union([z.boolean(), z.array(rule).check(z.maxLength(100, "must have at most 100 rules"))]),
  ),
});

const migration = z.strictObject({
  tag: storeId,
  newClasses: z.optional(z.array(jsIdentifier)),
  newSqliteClasses: z.optional(z.array(jsIdentifier)),
  renamedClasses: z.optional(z.array(z.strictObject({ from: jsIdentifier, to: jsIdentifier }))),
  deletedClasses: z.optional(z.array(jsIdentifier)),
});

const compatibilityFlag = z.string().check(
  z.regex(/^[a-z][a-z0-9_]*$/, "must be lower case letters, digits and underscores"),
  z.refine((flag) => !REFUSED_FLAGS.test(flag), "is a flag that no deployment gets"),
);

const cron = z.string().check((context) => {
  const problem = cronProblem(context.value);
  if (problem !== undefined) context.issues.push({ code: "custom", message: problem, input: context.value });
});

/** The shape of `worker3.json`: each part on its own. What parts say of each other is in `relationIssues`. */
export const manifestSchema = z.strictObject({
  manifest: z.literal(1),
  main: z.optional(z.string()),
  modules: z.optional(z.record(z.string(), z.enum(MODULE_TYPES))),
  compatibilityDate: z.optional(z.iso.date("must be a date like 2026-11-01")),
  compatibilityFlags: z.optional(z.array(compatibilityFlag)),
  assets: z.optional(assets),
  vars: z.optional(
    z.record(
      jsIdentifier,
      z.custom<JsonValue>(() => true),
    ),
  ),
  bindings: z.optional(z.array(binding)),
  migrations: z.optional(z.array(migration)),
  crons: z.optional(z.array(cron)),
  limits: z.optional(z.strictObject({ cpuMs: z.optional(limit), memoryMiB: z.optional(limit) })),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Binding = z.infer<typeof binding>;
export type ModuleType = (typeof MODULE_TYPES)[number];
