import assert from "node:assert/strict";
import { checkSupported, type Manifest, SupportError } from "@worker3/sdk";
import { cellBindings } from "../bindings/index.ts";
import { capabilitiesOf } from "./capabilitiesOf.ts";

describe("what cells can run", () => {
  const binary = { compatibilityDate: "2026-11-17" };
  const capabilities = capabilitiesOf({ binary, bindings: cellBindings, scriptBytes: 1_000 });
  const codeOf = (part: Partial<Manifest>) => {
    try {
      checkSupported({ manifest: { manifest: 2, ...part } }, capabilities);
      return undefined;
    } catch (error) {
      return error instanceof SupportError ? error.code : error;
    }
  };

  it("has a worker with variables, files, itself and Node's modules, and no storage yet", () => {
    assert.equal(codeOf({ vars: { A: "b" }, assets: {}, compatibilityFlags: ["nodejs_compat"] }), undefined);
    assert.equal(codeOf({ bindings: [{ type: "kv", name: "KV", id: "k" }] }), "UNSUPPORTED_BINDING");
    assert.deepEqual([...capabilities.bindings].sort(), ["assets", "service", "vars"]);
  });

  for (const flag of ["experimental", "unsafe_module", "python_workers", "precise_timers", "no_such_flag"]) {
    it(`does not have the compatibility flag ${flag}`, () => {
      assert.equal(codeOf({ compatibilityFlags: ["nodejs_compat", flag] }), "UNSUPPORTED_COMPATIBILITY_FLAG");
    });
  }
});
