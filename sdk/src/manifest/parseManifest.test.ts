import assert from "node:assert/strict";
import fc from "fast-check";
import { ManifestError } from "./errors.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parseManifest.ts";
import type { Manifest } from "./schema.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
} as const;
const full: Manifest = {
  ...worker,
  modules: {
    "index.js": "esm",
    "lib/q.sql": "text",
    "m.wasm": "wasm",
    "c.cjs": "commonjs",
    "d.bin": "data",
    "j.json": "json",
  },
  compatibilityFlags: ["nodejs_compat"],
  assets: {
    binding: "ASSETS",
    htmlHandling: "auto-trailing-slash",
    notFoundHandling: "none",
    runWorkerFirst: ["/api/*", "!/api/docs/*"],
  },
  vars: { K: "V", $list: [1, { a: null }], größe: true },
  bindings: [
    { type: "kv", name: "KV", id: "0123456789abcdef0123456789abcdef" },
    { type: "d1", name: "DB", id: "7e0ee0f0-5a0d-4b2b-9d0b-0c6f9f0c7a11" },
    { type: "durable_object", name: "COUNTER", className: "Counter" },
    { type: "queue_producer", name: "QUEUE", queue: "jobs", deliveryDelaySeconds: 5 },
    { type: "queue_consumer", queue: "jobs", maxBatchSize: 10, maxRetries: 3, deadLetterQueue: "dead" },
    { type: "workflow", name: "FLOW", workflow: "orders", className: "Orders" },
  ],
  migrations: [
    { tag: "v1", newSqliteClasses: ["Count"] },
    { tag: "v2", renamedClasses: [{ from: "Count", to: "Counter" }] },
  ],
  crons: ["* * * * *", "0 17 * * sun"],
  limits: { cpuMs: 50, memoryMiB: 128, bodyMiB: 200 },
};

type Refusal = [what: string, input: unknown, path: string, value: string | undefined, message: RegExp];

function issuesOf(input: unknown): ManifestError {
  try {
    parseManifest(input);
  } catch (error) {
    assert.ok(error instanceof ManifestError, String(error));
    assert.equal(error.code, "MANIFEST_INVALID");
    return error;
  }
  assert.fail(`the manifest was taken: ${JSON.stringify(input)}`);
}

describe("parseManifest", () => {
  it("takes a manifest with everything, as text, as bytes and as a value", () => {
    const text = JSON.stringify(full);
    assert.deepEqual(parseManifest(full), full);
    assert.deepEqual(parseManifest(text), full);
    assert.deepEqual(parseManifest(new TextEncoder().encode(text)), full);
  });

  it("takes a worker alone and static files alone, and fills nothing in", () => {
    assert.deepEqual(parseManifest(worker), worker);
    assert.deepEqual(parseManifest({ manifest: 2, assets: {} }), { manifest: 2, assets: {} });
    const empty = {
      manifest: 2,
      assets: { runWorkerFirst: false },
      compatibilityFlags: [],
      vars: {},
      bindings: [],
      crons: [],
    };
    assert.deepEqual(parseManifest(empty), empty);
  });

  const refused: Refusal[] = [
    ["what is no object", 3, ".worker3/manifest.json", "3", /of type object/],
    ["what is no JSON", "{", ".worker3/manifest.json", '"{"', /is not JSON/],
    [
      "bytes that are no UTF-8",
      Uint8Array.of(0x22, 0xff, 0x22),
      ".worker3/manifest.json",
      undefined,
      /is not JSON/,
    ],
    [
      "a deep nest",
      `{"vars":${"[".repeat(400_000)}${"]".repeat(400_000)}}`,
      "",
      undefined,
      /32 levels|is not JSON/,
    ],
    ["more than 1 MiB", " ".repeat(MAX_MANIFEST_BYTES + 1), ".worker3/manifest.json", "1048577", /more than/],
    [
      "a key __proto__",
      JSON.stringify(worker).replace("{", '{"vars":{"__proto__":"x"},'),
      "vars",
      undefined,
      /__proto__/,
    ],
    [
      "a variable that JSON does not have",
      { ...worker, vars: { A: () => 1 } },
      "vars.A",
      undefined,
      /function/,
    ],
    ["a variable that is not finite", { ...worker, vars: { A: Number.NaN } }, "vars.A", undefined, /finite/],
    ["half of a surrogate pair", { ...worker, vars: { A: ["\ud83d"] } }, "vars.A[0]", undefined, /Unicode/],
  ];
  for (const [what, input, path, value, message] of refused) {
    it(`refuses ${what}, with path and value`, () => {
      const error = issuesOf(input);
      const [first] = error.issues;
      assert.match(error.message, message);
      if (path !== "") assert.deepEqual([first?.path, first?.value], [path, value]);
      assert.equal(error.value, first?.value ?? first?.path);
    });
  }

  it("lists all issues, the first one first", () => {
    const error = issuesOf({ ...full, main: 1, limits: { cpuMs: -1 }, x: 1 });
    assert.deepEqual(
      error.issues.map((issue) => issue.path),
      ["main", "limits.cpuMs", "x"],
    );
    assert.match(error.message, /^main must be of type string; limits\.cpuMs .*; x is not a key/);
  });

  it("a message stays short however much is wrong", () => {
    const error = issuesOf({ ...worker, crons: Array.from({ length: 5000 }, () => "x".repeat(500)) });
    assert.equal(error.issues.length, 5000);
    assert.ok(error.message.length < 3000);
    assert.ok((error.value?.length ?? 0) < 200);
  });

  it("whatever the input, it is taken or refused with a ManifestError", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything({ withNullPrototype: true })), (input) => {
        assert.ok(issuesOf(input).issues.length > 0);
      }),
      { numRuns: 2000 },
    );
    const keys = Object.keys(full) as (keyof Manifest)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        try {
          parseManifest({ ...full, [key]: value });
        } catch (error) {
          assert.ok(error instanceof ManifestError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
