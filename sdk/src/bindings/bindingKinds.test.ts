import assert from "node:assert/strict";
import type { BindingKind } from "./BindingKind.ts";
import { bindingFields, bindingKinds } from "./index.ts";

const kinds: readonly BindingKind[] = bindingKinds;

describe("bindingKinds", () => {
  it("an entry's type is its kind, and it has the field that it is called by", () => {
    for (const kind of bindingKinds) {
      if (!("entry" in kind)) continue;
      const { type, ...fields } = kind.entry.shape;
      assert.equal(type.parse(kind.kind), kind.kind);
      assert.ok(Object.hasOwn(fields, kind.calledBy), `${kind.kind} has ${kind.calledBy}`);
    }
  });

  it("no two kinds have one key, and those that share a field of wrangler's have one rule for it", () => {
    const keys = kinds.flatMap(({ keys = {} }) => Object.keys(keys));
    assert.deepEqual(keys, [...new Set(keys)]);
    for (const { kind, fields } of kinds) {
      for (const [name, rule] of Object.entries(fields)) {
        assert.equal(Object.entries(bindingFields).find(([field]) => field === name)?.[1], rule, kind);
      }
    }
  });

  it("each has something in the manifest, and lists without repetition are among its keys", () => {
    for (const { kind, entry, keys = {}, distinct = [] } of kinds) {
      assert.ok(entry !== undefined || Object.keys(keys).length > 0, kind);
      for (const key of distinct) assert.ok(Object.hasOwn(keys, key), kind);
    }
  });
});
