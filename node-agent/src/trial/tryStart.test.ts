import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "@worker3/sdk";
import { makeFolder, makeTemporary } from "../cells/testing/makeFolder.ts";
import { rejectsCode } from "../cells/testing/rejectsCode.ts";
import { childrenOf } from "../process/childrenOf.ts";
import { tryStart } from "./tryStart.ts";

const MANIFEST = {
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
} as const satisfies Manifest;

describe("a trial start", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = await makeTemporary();
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function tried(source: string, manifest: Partial<Manifest> = {}, timeoutMs?: number) {
    await makeFolder(folder, { ".worker3/worker/index.js": source });
    return tryStart({ folder, manifest: { ...MANIFEST, ...manifest }, timeoutMs });
  }

  const cases: Record<string, { source: string; log: string }> = {
    "an error, with its place": {
      source: "const none = null;\nfunction first() { return none.name; }\nfirst();\nexport default {};",
      log: "service worker: Uncaught TypeError: Cannot read properties of null (reading 'name')\n  at index.js:2:32 in first\n  at index.js:3:1",
    },
    "a text that is thrown": {
      source: 'await Promise.reject("no luck"); export default {};',
      log: "service worker: Uncaught Error: no luck",
    },
    "a module that is not there": {
      source: 'import "./gone.js"; export default {};',
      log: 'service worker: Uncaught Error: No such module "gone.js".\n  imported from "index.js"',
    },
    "what its own output says before": {
      source: 'console.log("configuring"); throw new Error("no key"); export default {};',
      log: "configuring\nservice worker: Uncaught Error: no key\n  at index.js:1:35",
    },
  };
  for (const [what, { source, log }] of Object.entries(cases)) {
    it(`tells what workerd says of a worker that does not start: ${what}`, async () => {
      assert.deepEqual(await tried(source), { outcome: "fails", log });
    });
  }

  it("of a worker that starts sends it no request, and leaves no process and no file", async () => {
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("w3-trial-"));
    const before = await left();
    const source = "export default { fetch() { while (true) {} } };";
    assert.deepEqual(await tried(source, { vars: { DEEP: { list: [1] } } }), { outcome: "starts" });
    assert.deepEqual(await left(), before);
    assert.deepEqual(childrenOf(process.pid), []);
  });

  it("takes sites without a worker too, and says what nodes would not serve", async () => {
    await makeFolder(folder, { "index.html": "<h1>hello</h1>" });
    const site = { folder, manifest: { manifest: 2, assets: {} } } as const;
    assert.deepEqual(await tryStart(site), { outcome: "starts" });
    await makeFolder(folder, { _headers: "#".repeat(4 * 1024 * 1024 + 1) });
    await rejectsCode(tryStart(site), "ASSET_RULES_TOO_LARGE");
  });

  it("ends a worker that takes more memory as it starts than nodes let it have, and tells how much", async () => {
    const hoard = (mib: number, forever: string) =>
      `const held = []; for (let i = 0; i < ${mib}; i += 8) held.push(new Uint8Array(8 << 20).fill(1));\n${forever}\nexport default { held };`;
    const taken = await tried(hoard(320, ""));
    assert.ok(taken.outcome === "memory", taken.outcome);
    assert.ok(taken.usedMiB > 192 && taken.mayMiB === 128, JSON.stringify(taken));
    // Before it is ready, too.
    const endless = await tried(hoard(320, "while (true) {}"));
    assert.equal(endless.outcome, "memory");
    assert.deepEqual(await tried(hoard(320, ""), { limits: { memoryMiB: 400 } }), { outcome: "starts" });
    assert.deepEqual(await tried(hoard(80, "")), { outcome: "starts" });
    assert.deepEqual(childrenOf(process.pid), []);
  });

  it("says nothing against what it cannot know: a start that takes longer than it waits", async () => {
    const endless = await tried("while (true) {}\nexport default {};", {}, 500);
    assert.deepEqual(endless, { outcome: "unknown", reason: "it is not ready after 0.5 seconds" });
    assert.deepEqual(childrenOf(process.pid), []);
  });

  it("says nothing against what it cannot know: a date that this machine's workerd does not", async () => {
    const future = await tried("export default {};", { compatibilityDate: "2999-01-01" });
    assert.ok(future.outcome === "unknown", future.outcome);
    assert.match(
      future.reason,
      /^the compatibility date is newer than this machine's workerd.* \(2999-01-01\)$/,
    );
  });

  it("says nothing against what it cannot know: on a machine where no worker starts", async () => {
    const { TMPDIR } = process.env;
    const deep = join(folder, "d".repeat(100)); // no path of a unix socket fits below
    await makeFolder(folder, { [`${"d".repeat(100)}/x`]: "" });
    process.env.TMPDIR = deep;
    try {
      const nowhere = await tried("export default {};");
      assert.ok(nowhere.outcome === "unknown", nowhere.outcome);
      assert.match(nowhere.reason, /^workerd does not run here: ./);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    await makeFolder(folder, { ".worker3/worker/index.js": "while (true) {}\nexport default {};" });
    const run = tryStart({ folder, manifest: MANIFEST, signal: stop.signal });
    setImmediate(() => stop.abort(new Error("enough")));
    await assert.rejects(run, /enough/);
    assert.deepEqual(childrenOf(process.pid), []);
  });
});
