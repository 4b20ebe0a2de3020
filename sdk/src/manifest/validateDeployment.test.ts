import assert from "node:assert/strict";
import { MemoryBlockstore } from "blockstore-core/memory";
import { type FolderEntry, pack } from "../content/pack.ts";
import { ManifestError } from "./errors.ts";
import { parseManifest } from "./parseManifest.ts";
import { readDeployment } from "./readDeployment.ts";
import { serializeManifest } from "./serializeManifest.ts";
import { validateDeployment } from "./validateDeployment.ts";

const both = parseManifest({
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm", "lib/q.sql": "text" },
  compatibilityDate: "2026-11-01",
  assets: {},
});
const worker = parseManifest({ ...both, assets: undefined });
const files = (...paths: string[]): { path: string }[] => paths.map((path) => ({ path }));
const good = [
  ".worker3/manifest.json",
  ".worker3/worker/index.js",
  ".worker3/worker/lib/q.sql",
  "index.html",
];

describe("validateDeployment", () => {
  it("a folder that holds what its manifest says is good", () => {
    validateDeployment(both, files(...good));
    validateDeployment(parseManifest({ manifest: 2, assets: {} }), files(".worker3/manifest.json", "a"));
    validateDeployment(
      worker,
      files(".worker3/manifest.json", ".worker3/worker/index.js", ".worker3/worker/lib/q.sql"),
    );
  });

  const refused: [what: string, manifest: typeof both, paths: string[], path: string][] = [
    ["a module that is missing", both, good.filter((path) => !path.endsWith(".sql")), 'modules["lib/q.sql"]'],
    ["a main that is missing", both, good.filter((path) => !path.endsWith(".js")), 'modules["index.js"]'],
    [
      "a file in .worker3/worker/ that is no module",
      both,
      [...good, ".worker3/worker/README.md"],
      ".worker3/worker/README.md",
    ],
    ["assets without a word in the manifest", worker, good, "index.html"],
    ["a word in the manifest without assets", both, good.slice(0, 3), "assets"],
    [
      "a worker without a word in the manifest",
      parseManifest({ manifest: 2, assets: {} }),
      [".worker3/manifest.json", "a", ".worker3/worker/a.js"],
      ".worker3/worker/a.js",
    ],
    ["a folder without a manifest", both, good.slice(1), ".worker3/manifest.json"],
    ["what else lies in .worker3", both, [...good, ".worker3/README.md"], ".worker3/README.md"],
    [
      "the form before, by the name of its manifest",
      both,
      ["worker3.json", ...good.slice(1)],
      "worker3.json",
    ],
  ];
  for (const [what, manifest, paths, path] of refused) {
    it(`refuses ${what} and names it`, () => {
      assert.throws(
        () => validateDeployment(manifest, files(...paths)),
        (error) => {
          assert.ok(error instanceof ManifestError);
          assert.deepEqual(
            [error.code, error.issues[0]?.path, error.issues.length],
            ["DEPLOYMENT_INVALID", path, 1],
          );
          return true;
        },
      );
    });
  }
});

describe("readDeployment", () => {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  async function read(...entries: FolderEntry[]): Promise<unknown> {
    const store = new MemoryBlockstore();
    const { root } = await pack(entries, { store });
    return readDeployment(store, root);
  }

  const content = (paths: string[]): FolderEntry[] => paths.map((path) => ({ path, content: utf8(path) }));

  it("gives the manifest and the files of a packed folder", async () => {
    const store = new MemoryBlockstore();
    const entries = [
      ...content(good.slice(1)),
      { path: ".worker3/manifest.json", content: serializeManifest(both) },
    ];
    const { root, bytes } = await pack(entries, { store });
    const deployment = await readDeployment(store, root);
    assert.deepEqual(deployment.manifest, both);
    assert.deepEqual(
      deployment.files.map((file) => file.path),
      [...good].sort(),
    );
    assert.equal(deployment.bytes, bytes);
  });

  it("refuses a folder whose manifest is missing, broken, too large or of another folder", async () => {
    const manifest = serializeManifest(both);
    await assert.rejects(read(...content(good.slice(1))), / \.worker3\/manifest\.json is missing$/);
    await assert.rejects(read(...content(good)), /is not JSON/);
    await assert.rejects(
      read({ path: ".worker3/manifest.json", content: new Uint8Array(1_048_577) }),
      /more than/,
    );
    await assert.rejects(
      read({ path: ".worker3/manifest.json", content: manifest }),
      /is missing: there is no \.worker3\/worker\/index\.js/,
    );
  });
});
