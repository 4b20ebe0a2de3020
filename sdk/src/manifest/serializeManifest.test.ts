import assert from "node:assert/strict";
import { ManifestError } from "./errors.ts";
import { parseManifest } from "./parseManifest.ts";
import { serializeManifest } from "./serializeManifest.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
};
const sample = parseManifest({
  ...worker,
  modules: { "index.js": "esm", "lib/q.sql": "text", "10": "data", "9": "data" },
  vars: { K: "V", $list: [1, { b: null, a: 1e21 }], größe: true },
  bindings: [{ type: "kv", name: "KV", id: "k" }],
});

describe("serializeManifest", () => {
  it("one manifest has one text, however its keys are ordered, but for those inside of variables", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).reverse();
      return Object.fromEntries(
        entries.map(([key, child]) => [key, key === "$list" ? child : reversed(child)]),
      );
    };
    const bytes = serializeManifest(sample);
    assert.deepEqual(serializeManifest(parseManifest(reversed(sample))), bytes);
    assert.deepEqual(serializeManifest(parseManifest(JSON.stringify(sample, null, 4))), bytes);
    assert.deepEqual(parseManifest(bytes), sample);
  });

  it("keeps the order of keys inside of variables, at every depth: the worker sees it", () => {
    const vars = { Z: { b: 1, a: [{ y: null, x: { d: "", c: 1e21 } }], ü: "\u2028" }, A: "text" };
    const bytes = serializeManifest(parseManifest({ ...worker, vars }));
    assert.match(
      new TextDecoder().decode(bytes),
      /"vars":\{"A":"text","Z":\{"b":1,"a":\[\{"y":null,"x":\{"d":"","c":1e\+21\}\}\],"ü":"\u2028"\}\}\}$/,
    );
    assert.deepEqual(Object.keys(Object(parseManifest(bytes).vars?.Z)), ["b", "a", "ü"]);
  });

  it("sorts keys and writes no white space", () => {
    const text = new TextDecoder().decode(serializeManifest(parseManifest(worker)));
    assert.equal(
      text,
      '{"compatibilityDate":"2026-11-01","main":"index.js","manifest":2,"modules":{"index.js":"esm"}}',
    );
  });

  it("leaves out what is undefined, and refuses what no manifest is", () => {
    assert.equal(
      new TextDecoder().decode(serializeManifest({ manifest: 2, assets: {}, main: undefined })),
      '{"assets":{},"manifest":2}',
    );
    assert.throws(() => serializeManifest({ manifest: 2 }), ManifestError);
  });
});
