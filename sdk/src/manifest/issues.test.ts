import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { ManifestError } from "./errors.ts";
import { parseManifest } from "./parseManifest.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
};

/**
 * Manifests with many mistakes. All that is said of each, in its order, is in `golden/issues.json`: the first issue is the
 * error's value. `UPDATE_GOLDEN=1` writes it anew.
 */
const cases: Record<string, object> = {
  "every part is wrong": {
    manifest: 1,
    main: 1,
    modules: { "a.js": "python" },
    compatibilityDate: "never",
    compatibilityFlags: ["experimental", "A"],
    assets: { binding: "a-b", htmlHandling: "x", notFoundHandling: 1, runWorkerFirst: ["a"], extra: 1 },
    vars: { "a b": 1 },
    bindings: [
      { type: "kv", name: "1", id: "../a", extra: true },
      { type: "d1", name: "DB" },
      { type: "durable_object", name: "A", className: "a b" },
      { type: "queue_producer", name: "Q", queue: "", deliveryDelaySeconds: 43_201 },
      {
        type: "queue_consumer",
        queue: "q",
        maxBatchSize: 0,
        maxRetries: 1.5,
        deadLetterQueue: "/",
        name: "Q",
      },
      { type: "workflow", name: "F", workflow: "a/b", className: 5 },
      7,
    ],
    migrations: [
      { tag: "a/b", newClasses: ["-"], renamedClasses: [{ from: "A", into: "B" }], deletedClasses: "A" },
    ],
    crons: ["* * * *", 5],
    limits: { cpuMs: 0, memoryMiB: 0.5, wallMs: 1 },
    routes: [],
  },
  "parts of the wrong type": {
    ...worker,
    assets: 1,
    vars: [],
    bindings: {},
    migrations: "",
    crons: null,
    limits: [],
  },
  "a worker is missing": {
    manifest: 2,
    assets: { binding: "ASSETS", runWorkerFirst: true },
    modules: { "index.js": "esm" },
    vars: { A: "b" },
    bindings: [{ type: "kv", name: "KV", id: "k" }],
    migrations: [{ tag: "v1" }],
    crons: ["* * * * *"],
  },
  "a worker is missing, and files too": { manifest: 2, bindings: [], vars: { A: 1 } },
  "nothing needs the worker that is missing": {
    manifest: 2,
    assets: { runWorkerFirst: false },
    modules: {},
    vars: {},
    bindings: [],
    migrations: [],
    crons: [],
  },
  "every name is taken": {
    ...worker,
    vars: { A: 1, B: 2 },
    assets: { binding: "A" },
    bindings: [
      { type: "workflow", name: "A", workflow: "w", className: "W" },
      { type: "d1", name: "C", id: "c" },
      { type: "queue_consumer", queue: "A" },
      { type: "kv", name: "C", id: "c" },
      { type: "queue_producer", name: "B", queue: "A" },
      { type: "queue_consumer", queue: "A" },
      { type: "durable_object", name: "C", className: "C" },
    ],
  },
  "everything is there twice": {
    ...worker,
    main: "c.cjs",
    modules: { "c.cjs": "commonjs", "C.cjs": "text", "../a": "data" },
    compatibilityDate: undefined,
    compatibilityFlags: ["nodejs_compat", "nodejs_als", "nodejs_compat"],
    assets: { binding: "KV" },
    bindings: [
      { type: "queue_consumer", queue: "jobs" },
      { type: "kv", name: "KV", id: "k" },
      { type: "durable_object", name: "ROOM", className: "Room" },
      { type: "queue_consumer", queue: "jobs" },
      { type: "durable_object", name: "HALL", className: "Hall" },
    ],
    migrations: [
      { tag: "v1", newClasses: ["A", "B"], newSqliteClasses: ["A"] },
      {
        tag: "v1",
        renamedClasses: [
          { from: "A", to: "B" },
          { from: "X", to: "Hall" },
        ],
        deletedClasses: ["Y"],
      },
      { tag: "v2", deletedClasses: ["B", "B"] },
    ],
    crons: ["* * * * *", "0 0 1 * *", "* * * * *", "* * * * *"],
  },
};

function issuesOf(input: unknown): ManifestError["issues"] {
  try {
    parseManifest(input);
    return [];
  } catch (error) {
    if (error instanceof ManifestError) return error.issues;
    throw error;
  }
}

describe("what is wrong with a manifest", () => {
  it("is said in the words and in the order of golden/", async () => {
    const said = Object.fromEntries(Object.entries(cases).map(([name, input]) => [name, issuesOf(input)]));
    const text = JSON.stringify(said, undefined, 2);
    const file = new URL("golden/issues.json", import.meta.url);
    if (process.env.UPDATE_GOLDEN === "1") await writeFile(file, `${text}\n`);
    // The formatter writes the file; keys keep their order.
    const golden: unknown = JSON.parse(await readFile(file, "utf8"));
    assert.equal(text, JSON.stringify(golden, undefined, 2));
  });
});
