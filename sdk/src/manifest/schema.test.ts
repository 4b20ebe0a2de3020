import assert from "node:assert/strict";
import { ManifestError } from "./errors.ts";
import { parseManifest } from "./parseManifest.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
} as const;

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

describe("each part of a manifest is what it says", () => {
  const refused: Refusal[] = [
    [
      "another version",
      { ...worker, manifest: 1 },
      "manifest",
      "1",
      /must be 2: .*; deploy the project again/,
    ],
    ["an unknown key", { ...worker, routes: ["a"] }, "routes", '["a"]', /not a key/],
    [
      "an unknown key further down",
      { ...worker, limits: { cpuMs: 1, wallMs: 2 } },
      "limits.wallMs",
      "2",
      /not a key/,
    ],
    [
      "an unknown key of a binding",
      { ...worker, bindings: [{ type: "kv", name: "A", id: "a", preview: "b" }] },
      "bindings[0].preview",
      '"b"',
      /not a key/,
    ],
    [
      "an unknown module type",
      { ...worker, modules: { "index.js": "python" } },
      'modules["index.js"]',
      '"python"',
      /"esm" or/,
    ],
    [
      "a day that is not in the calendar",
      { ...worker, compatibilityDate: "2026-02-29" },
      "compatibilityDate",
      '"2026-02-29"',
      /date/,
    ],
    [
      "a date with a time",
      { ...worker, compatibilityDate: "2026-02-01T00:00:00Z" },
      "compatibilityDate",
      '"2026-02-01T00:00:00Z"',
      /date/,
    ],
    [
      "a flag with bad characters",
      { ...worker, compatibilityFlags: ["a\nb"] },
      "compatibilityFlags[0]",
      '"a\\nb"',
      /lower case/,
    ],
    [
      "html handling that Cloudflare does not have",
      { manifest: 2, assets: { htmlHandling: "auto" } },
      "assets.htmlHandling",
      '"auto"',
      /"auto-trailing-slash" or/,
    ],
    [
      "not-found handling that Cloudflare does not have",
      { manifest: 2, assets: { notFoundHandling: "spa" } },
      "assets.notFoundHandling",
      '"spa"',
      /"404-page"/,
    ],
    [
      "a rule without its slash",
      { ...worker, assets: { runWorkerFirst: ["api/*"] } },
      "assets.runWorkerFirst[0]",
      '"api/*"',
      /begin with/,
    ],
    [
      "a rule that is a number",
      { ...worker, assets: { runWorkerFirst: 1 } },
      "assets.runWorkerFirst",
      "1",
      /boolean or array/,
    ],
    [
      "a binding of another type",
      { ...worker, bindings: [{ type: "floppy", name: "A" }] },
      "bindings[0].type",
      '"floppy"',
      /"kv" or "d1"/,
    ],
    [
      "a binding without its id",
      { ...worker, bindings: [{ type: "kv", name: "A" }] },
      "bindings[0].id",
      undefined,
      /missing/,
    ],
    [
      "an id that is a path",
      { ...worker, bindings: [{ type: "kv", name: "A", id: "../b" }] },
      "bindings[0].id",
      '"../b"',
      /letters/,
    ],
    [
      "a name that is no identifier",
      { ...worker, bindings: [{ type: "kv", name: "a-b", id: "b" }] },
      "bindings[0].name",
      '"a-b"',
      /identifier/,
    ],
    [
      "a variable that is no identifier",
      { ...worker, vars: { "a b": "c" } },
      'vars["a b"]',
      '"c"',
      /identifier/,
    ],
    ["a cron of four fields", { ...worker, crons: ["* * * *"] }, "crons[0]", '"* * * *"', /4 fields/],
    ["a limit of zero", { ...worker, limits: { cpuMs: 0 } }, "limits.cpuMs", "0", /at least 1/],
    ["bodies of no size", { ...worker, limits: { bodyMiB: 0 } }, "limits.bodyMiB", "0", /at least 1/],
    ["half a MiB", { ...worker, limits: { memoryMiB: 0.5 } }, "limits.memoryMiB", "0.5", /whole/],
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

  it("refuses the flags that reach out of the sandbox's model", () => {
    for (const flag of [
      "experimental",
      "unsafe_module",
      "python_workers",
      "python_workers_20250116",
      "allow_unsafe_x",
    ]) {
      const error = issuesOf({ ...worker, compatibilityFlags: ["nodejs_compat", flag] });
      assert.deepEqual([error.issues[0]?.path, error.value], ["compatibilityFlags[1]", JSON.stringify(flag)]);
    }
  });
});
