import assert from "node:assert/strict";
import { throwsCode } from "../testing/throwsCode.ts";
import { type Capabilities, checkSupported } from "./checkSupported.ts";
import type { Manifest } from "./schema.ts";

const node: Capabilities = {
  compatibilityDate: "2026-11-17",
  bindings: ["vars", "assets"],
  compatibilityFlags: ["nodejs_compat"],
  scriptBytes: 1_000,
};

describe("checkSupported", () => {
  const refusal = (part: Partial<Manifest>, code: string) =>
    throwsCode(() => checkSupported({ manifest: { manifest: 2, ...part } }, node), code);

  it("takes what the node runs", () => {
    const manifest: Manifest = {
      manifest: 2,
      main: "a.js",
      modules: { "a.js": "esm" },
      compatibilityDate: "2026-11-17",
      compatibilityFlags: ["nodejs_compat"],
      vars: { A: "b" },
      assets: { binding: "ASSETS" },
      bindings: [],
      migrations: [],
      crons: [],
    };
    checkSupported({ manifest, scriptBytes: 1_000 }, node);
  });

  const bindings: [NonNullable<Manifest["bindings"]>[number], string][] = [
    [{ type: "kv", name: "KV", id: "k" }, "KV"],
    [{ type: "d1", name: "DB", id: "d" }, "DB"],
    [{ type: "durable_object", name: "COUNTER", className: "Counter" }, "COUNTER"],
    [{ type: "queue_producer", name: "QUEUE", queue: "q" }, "QUEUE"],
    [{ type: "queue_consumer", queue: "q" }, "q"],
    [{ type: "workflow", name: "FLOW", workflow: "w", className: "Flow" }, "FLOW"],
  ];
  for (const [binding, value] of bindings) {
    it(`refuses a ${binding.type} binding by its name, and takes it where the node has it`, () => {
      const error = refusal({ bindings: [binding] }, "UNSUPPORTED_BINDING");
      assert.equal(error.value, value);
      assert.equal(error.message, `${binding.type} bindings are not supported by the node`);
      const manifest: Manifest = { manifest: 2, bindings: [binding] };
      checkSupported({ manifest }, { ...node, bindings: [...node.bindings, binding.type] });
    });
  }

  it("refuses crons, migrations and what else is no entry by the manifest's key", () => {
    assert.equal(refusal({ crons: ["* * * * *"] }, "UNSUPPORTED_BINDING").value, "crons");
    const migrations = [{ tag: "v1", newClasses: ["A"] }];
    assert.equal(refusal({ migrations }, "UNSUPPORTED_BINDING").value, "migrations");
    const manifest: Manifest = { manifest: 2, vars: { A: "b" } };
    const bare = { ...node, bindings: [] };
    assert.equal(throwsCode(() => checkSupported({ manifest }, bare), "UNSUPPORTED_BINDING").value, "vars");
  });

  it("refuses a flag that the node does not name, a date that it does not know, and too many bytes", () => {
    const flags = ["nodejs_compat", "precise_timers"];
    const flag = refusal({ compatibilityFlags: flags }, "UNSUPPORTED_COMPATIBILITY_FLAG");
    assert.equal(flag.value, "precise_timers");
    const date = refusal({ compatibilityDate: "2026-11-18" }, "COMPATIBILITY_DATE_TOO_NEW");
    assert.equal(date.value, "2026-11-18");
    const large = { manifest: { manifest: 2 } as const, scriptBytes: 1_001 };
    assert.equal(throwsCode(() => checkSupported(large, node), "SCRIPT_TOO_LARGE").value, "1001");
  });

  it("leaves open what the node does not say", () => {
    const manifest: Manifest = { manifest: 2, compatibilityFlags: ["precise_timers"] };
    const { compatibilityDate, bindings } = node;
    checkSupported({ manifest, scriptBytes: 10 ** 9 }, { compatibilityDate, bindings });
  });
});
