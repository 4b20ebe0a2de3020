import assert from "node:assert/strict";
import { parseManifest } from "./parseManifest.ts";
import { envNames, usesOf } from "./uses.ts";

const manifest = parseManifest({
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
  vars: { größe: 1 },
  assets: { binding: "ASSETS" },
  bindings: [
    { type: "queue_consumer", queue: "jobs" },
    { type: "durable_object", name: "ROOM", className: "Room" },
    { type: "kv", name: "KV", id: "k" },
  ],
  migrations: [{ tag: "v1", newClasses: ["Room"] }],
  crons: ["* * * * *"],
});

describe("what a manifest uses", () => {
  it("is each entry by what it is called, and each key that is there and no empty list", () => {
    assert.deepEqual(
      usesOf(manifest).map(({ kind, what, name }) => [kind, what, name]),
      [
        ["queue_consumer", "queue_consumer bindings", "jobs"],
        ["durable_object", "durable_object bindings", "ROOM"],
        ["kv", "kv bindings", "KV"],
        ["assets", "assets", "assets"],
        ["crons", "crons", "crons"],
        ["durable_object", "migrations", "migrations"],
        ["vars", "vars", "vars"],
      ],
    );
    const empty = { bindings: [], migrations: [], crons: [], vars: undefined, assets: {} };
    assert.deepEqual(
      usesOf(parseManifest({ ...manifest, ...empty })).map(({ kind }) => kind),
      ["assets"],
    );
  });

  it("is known to env by the names of variables, entries and assets", () => {
    assert.deepEqual(
      envNames(manifest).map(({ value }) => value),
      ["größe", "ROOM", "KV", "ASSETS"],
    );
  });
});
