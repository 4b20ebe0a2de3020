import type * as z from "zod/mini";
import type { FieldRules } from "./fieldRules.ts";

/** A value in a manifest and where it is: `["bindings", 1, "name"]`. */
export interface Located<value = unknown> {
  readonly path: readonly PropertyKey[];
  readonly value: value;
}

/** One thing that is wrong with a manifest whose parts are each good on their own. */
export interface PartIssue extends Located {
  /** What is wrong, without the path. */
  readonly message: string;
}

/**
 * One kind of what a manifest gives a worker beside its code: a store, a queue, variables, files, a time to run at. A
 * kind has entries in the manifest's `bindings`, or keys of the manifest for itself, or both. Everything that the sdk and
 * the command know of it is here; what a node makes of it is in the agent's folder of the same name.
 *
 * Everything is pure. Functions get a manifest that passed the schema; `part` is what the kind looks at of it.
 */
export interface BindingKind<part = never, config = never> {
  /** What it is called wherever it is named: the `type` of its entries, or its key. */
  readonly kind: string;

  /** The shape of its entries in `bindings`. */
  readonly entry?: z.ZodMiniType;
  /**
   * The field that one calls an entry by. `name` is its property of `env`, which nothing else may have; by any other field
   * only the entries of this kind are told apart.
   */
  readonly calledBy?: string;
  /** The keys of the manifest that are its own, each with its shape. */
  readonly keys?: Readonly<Record<string, z.ZodMiniType>>;
  /** Those of its keys that are lists in which nothing stands twice. */
  readonly distinct?: readonly string[];

  /** Properties of `env` that come from its keys. */
  readonly names?: (manifest: part) => readonly Located<string>[];
  /** What of its keys makes no sense without a worker; left out, that is all of them. What is empty asks for none. */
  readonly needsWorker?: (manifest: part) => readonly Located[];
  /** What is wrong between its entries, its keys and the other parts. */
  readonly issues?: (manifest: part) => readonly PartIssue[];

  /** Which replicas run the worker of a project that has it: every one, or the home alone. */
  readonly placement: "everywhere" | "home";

  /** The fields of wrangler's configuration that it is written by. Kinds that share a field have the same rules for it. */
  readonly fields: FieldRules;
  /**
   * What wrangler's configuration, normalised for one environment, says of it in the manifest's words: its keys, and its
   * entries under `bindings`. What is left out there stays out here, so that a project keeps its CID.
   *
   * @throws {Worker3Error} `UNSUPPORTED_FIELD`, for what no field rule can tell.
   */
  readonly fromWrangler: (config: config) => object;
}
