import assert from "node:assert/strict";
import { ManifestError } from "./errors.ts";
import { parseManifest } from "./parseManifest.ts";

const worker = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
} as const;
const full = {
  ...worker,
  modules: { "index.js": "esm", "c.cjs": "commonjs" },
  bindings: [
    { type: "kv", name: "KV", id: "k" },
    { type: "d1", name: "DB", id: "d" },
    { type: "durable_object", name: "COUNTER", className: "Counter" },
  ],
  migrations: [{ tag: "v1", newSqliteClasses: ["Counter"] }],
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

describe("the parts of a manifest fit together", () => {
  const refused: Refusal[] = [
    ["neither main nor assets", { manifest: 2 }, ".worker3/manifest.json", undefined, /nothing to serve/],
    [
      "a worker without a date",
      { ...worker, compatibilityDate: undefined },
      "compatibilityDate",
      undefined,
      /missing/,
    ],
    ["a main that is no module", { ...worker, main: "x.js" }, "main", '"x.js"', /not among the modules/],
    [
      "a main named like a method of objects",
      { ...worker, main: "toString" },
      "main",
      '"toString"',
      /not among the modules/,
    ],
    ["a main that is not esm", { ...full, main: "c.cjs" }, "main", '"c.cjs"', /esm/],
    [
      "a module outside .worker3/worker/",
      { ...worker, modules: { "index.js": "esm", "../k": "text" } },
      'modules["../k"]',
      '"../k"',
      /inside \.worker3\/worker\//,
    ],
    [
      "a module with an absolute path",
      { ...worker, modules: { "index.js": "esm", "/k": "text" } },
      'modules["/k"]',
      '"/k"',
      /inside \.worker3\/worker\//,
    ],
    [
      "modules that differ in case",
      { ...worker, modules: { "index.js": "esm", "Index.js": "esm" } },
      'modules["Index.js"]',
      '"Index.js"',
      /case/,
    ],
    [
      "a flag twice",
      { ...worker, compatibilityFlags: ["a", "a"] },
      "compatibilityFlags[1]",
      '"a"',
      /taken by compatibilityFlags\[0\]/,
    ],
    [
      "a variable named like a binding",
      { ...full, vars: { KV: "x" } },
      "bindings[0].name",
      '"KV"',
      /taken by vars\.KV/,
    ],
    [
      "two bindings of one name",
      {
        ...worker,
        bindings: [
          { type: "kv", name: "A", id: "a" },
          { type: "d1", name: "A", id: "b" },
        ],
      },
      "bindings[1].name",
      '"A"',
      /taken by bindings\[0\]/,
    ],
    [
      "assets bound to a name that is taken",
      { ...full, assets: { binding: "KV" } },
      "assets.binding",
      '"KV"',
      /taken/,
    ],
    [
      "two consumers of one queue",
      {
        ...worker,
        bindings: [
          { type: "queue_consumer", queue: "q" },
          { type: "queue_consumer", queue: "q" },
        ],
      },
      "bindings[1].queue",
      '"q"',
      /taken/,
    ],
    ["a cron twice", { ...worker, crons: ["* * * * *", "* * * * *"] }, "crons[1]", '"* * * * *"', /taken/],
    [
      "a class that no migration makes",
      { ...full, migrations: [] },
      "bindings[2].className",
      '"Counter"',
      /no migration/,
    ],
    [
      "a class that a migration deletes",
      {
        ...full,
        migrations: [
          { tag: "a", newClasses: ["Counter"] },
          { tag: "b", deletedClasses: ["Counter"] },
        ],
      },
      "bindings[2].className",
      '"Counter"',
      /no migration/,
    ],
    [
      "a class made twice",
      { ...worker, migrations: [{ tag: "a", newClasses: ["A"], newSqliteClasses: ["A"] }] },
      "migrations[0].newSqliteClasses[0]",
      '"A"',
      /already/,
    ],
    [
      "a class renamed that is not there",
      { ...worker, migrations: [{ tag: "a", renamedClasses: [{ from: "A", to: "B" }] }] },
      "migrations[0].renamedClasses[0].from",
      '"A"',
      /no migration made/,
    ],
    [
      "a tag twice",
      { ...worker, migrations: [{ tag: "a" }, { tag: "a" }] },
      "migrations[1].tag",
      '"a"',
      /earlier/,
    ],
    [
      "variables without a worker",
      { manifest: 2, assets: {}, vars: { A: "b" } },
      "vars",
      '{"A":"b"}',
      /needs a worker/,
    ],
    [
      "an assets binding without a worker",
      { manifest: 2, assets: { binding: "A" } },
      "assets.binding",
      '"A"',
      /needs a worker/,
    ],
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
});
