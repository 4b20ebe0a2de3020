import assert from "node:assert/strict";
import type { Manifest } from "@worker3/sdk";
import { refuseStorage } from "./refuseStorage.ts";

describe("refuseStorage", () => {
  const cases: [value: string, manifest: Partial<Manifest>][] = [
    ["NOTES", { bindings: [{ type: "kv", name: "NOTES", id: "n" }] }],
    ["jobs", { bindings: [{ type: "queue_consumer", queue: "jobs" }] }],
    ["triggers.crons", { crons: ["* * * * *"] }],
    ["migrations", { migrations: [{ tag: "v1", newSqliteClasses: ["A"] }] }],
  ];
  for (const [value, manifest] of cases) {
    it(`names ${value}`, () => {
      assert.throws(() => refuseStorage({ manifest: 1, ...manifest }), {
        code: "UNSUPPORTED_BINDING",
        value,
      });
    });
  }

  it("lets pass what has none", () => {
    refuseStorage({ manifest: 1, vars: { A: "1" }, bindings: [], crons: [] });
  });
});
