import type { BindingKind, Located } from "../bindings/BindingKind.ts";
import { type Manifest, manifestKinds } from "./schema.ts";

const firstWithEntries = manifestKinds.findIndex(({ entry }) => entry !== undefined);
/** Kinds with entries share `bindings`: what is said of it stands where the first of them does, between these. */
export const beforeEntries = manifestKinds.slice(0, firstWithEntries);
export const afterEntries = manifestKinds.slice(firstWithEntries);

/** Something that a manifest asks a node for. */
export interface Use {
  /** Of `bindingKinds`. */
  readonly kind: string;
  /** What a person calls it, in the plural: `kv bindings`, `crons`. */
  readonly what: string;
  /** What the project calls it: the entry's name, or the manifest's key. */
  readonly name: string;
}

/**
 * What a manifest asks a node for beside running its code: each entry of `bindings` in its order, then the kinds' own
 * keys by the alphabet, without empty lists.
 */
export function usesOf(manifest: Manifest): Use[] {
  const entries = (manifest.bindings ?? []).flatMap((binding) => {
    const { kind, calledBy = "name" } = manifestKinds.find(({ kind }) => kind === binding.type) ?? {};
    if (kind === undefined) return [];
    return [{ kind, what: `${kind} bindings`, name: String(Reflect.get(binding, calledBy)) }];
  });
  const keys = manifestKinds.flatMap((kind) =>
    keysUsed(kind, manifest).map((key) => ({ kind: kind.kind, what: key, name: key })),
  );
  return [...entries, ...keys.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

/** The properties of `env`: those of keys and those of entries, in the order in which names are taken. */
export function envNames(manifest: Manifest): Located<string>[] {
  const ofKeys = (kind: BindingKind<Manifest>) => kind.names?.(manifest) ?? [];
  const ofEntries = entriesCalledBy("name", manifestKinds, manifest);
  return [...beforeEntries.flatMap(ofKeys), ...ofEntries, ...afterEntries.flatMap(ofKeys)];
}

/** What the entries of these kinds are called, of those that are called by this field. */
export function entriesCalledBy(
  field: string,
  kinds: readonly BindingKind<Manifest>[],
  { bindings = [] }: Manifest,
): Located<string>[] {
  const types = new Set(kinds.filter(({ calledBy }) => calledBy === field).map(({ kind }) => kind));
  return bindings.flatMap((binding, index) =>
    types.has(binding.type)
      ? [{ path: ["bindings", index, field], value: String(Reflect.get(binding, field)) }]
      : [],
  );
}

/** The keys of a kind that ask for something: all that are there but empty lists. */
export function keysUsed({ keys = {} }: BindingKind<Manifest>, manifest: Manifest): string[] {
  return Object.keys(keys).filter((key) => {
    const value: unknown = Reflect.get(manifest, key);
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}
