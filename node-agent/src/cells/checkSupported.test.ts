import assert from "node:assert/strict";
import type { Manifest } from "@worker3/sdk";
import { cellBindings } from "../bindings/index.ts";
import { CellError } from "./CellError.ts";
import { checkSupported } from "./checkSupported.ts";

const node = { compatibilityDate: "2026-11-17", bindings: cellBindings };

function refusal(part: Partial<Manifest>): { code: string; value: string | undefined; message: string } {
  try {
    checkSupported({ manifest: 1, ...part }, node);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    const { code, value, message } = error;
    return { code, value, message };
  }
  return assert.fail("nothing was refused");
}

describe("checkSupported", () => {
  it("takes what this version runs", () => {
    checkSupported(
      {
        manifest: 1,
        main: "a.js",
        modules: { "a.js": "esm" },
        compatibilityDate: "2026-11-17",
        compatibilityFlags: ["nodejs_compat"],
        vars: { A: "b" },
        assets: { binding: "ASSETS" },
        bindings: [],
        migrations: [],
        crons: [],
      },
      node,
    );
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
    it(`refuses a ${binding.type} binding by its name`, () => {
      assert.deepEqual(refusal({ bindings: [binding] }), {
        code: "UNSUPPORTED_BINDING",
        value,
        message: `${binding.type} bindings are not supported by this version yet`,
      });
    });
  }

  it("refuses by its name what a node of other bindings does not have", () => {
    const worker = { manifest: 1, main: "a.js", modules: { "a.js": "esm" }, vars: { A: "b" } } as const;
    assert.throws(
      () => checkSupported(worker, { ...node, bindings: [] }),
      (error) => error instanceof CellError && error.code === "UNSUPPORTED_BINDING" && error.value === "vars",
    );
  });

  it("refuses crons and migrations", () => {
    assert.equal(refusal({ crons: ["* * * * *"] }).value, "crons");
    assert.equal(refusal({ migrations: [{ tag: "v1", newClasses: ["A"] }] }).value, "migrations");
  });

  for (const flag of ["experimental", "unsafe_module", "python_workers", "precise_timers", "no_such_flag"]) {
    it(`refuses the compatibility flag ${flag}`, () => {
      const { code, value } = refusal({ compatibilityFlags: ["nodejs_compat", flag] });
      assert.deepEqual([code, value], ["UNSUPPORTED_COMPATIBILITY_FLAG", flag]);
    });
  }

  it("refuses a compatibility date newer than workerd", () => {
    const { code, value } = refusal({ compatibilityDate: "2026-11-18" });
    assert.deepEqual([code, value], ["COMPATIBILITY_DATE_TOO_NEW", "2026-11-18"]);
  });
});
