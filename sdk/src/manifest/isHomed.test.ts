import assert from "node:assert/strict";
import { isHomed } from "./isHomed.ts";
import { parseManifest } from "./parseManifest.ts";
import type { Binding } from "./schema.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
};
const migrations = [{ tag: "v1", newSqliteClasses: ["Counter"] }];
const bindings: Binding[] = [
  { type: "kv", name: "KV", id: "k" },
  { type: "d1", name: "DB", id: "d" },
  { type: "durable_object", name: "COUNTER", className: "Counter" },
  { type: "queue_producer", name: "QUEUE", queue: "jobs" },
  { type: "queue_consumer", queue: "jobs" },
  { type: "workflow", name: "FLOW", workflow: "orders", className: "Orders" },
];

describe("isHomed", () => {
  it("a project with state or time has a home; static files, variables and workers without have none", () => {
    assert.equal(isHomed(parseManifest(worker)), false);
    assert.equal(isHomed(parseManifest({ manifest: 2, assets: {} })), false);
    assert.equal(
      isHomed(
        parseManifest({
          ...worker,
          vars: { A: "b" },
          assets: { binding: "ASSETS" },
          bindings: [],
          crons: [],
        }),
      ),
      false,
    );
    assert.equal(isHomed(parseManifest({ ...worker, crons: ["* * * * *"] })), true);
    for (const binding of bindings) {
      assert.equal(
        isHomed(parseManifest({ ...worker, bindings: [binding], migrations })),
        true,
        binding.type,
      );
    }
  });
});
