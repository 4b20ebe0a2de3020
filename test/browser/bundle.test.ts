import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { carOf, pack } from "@worker3/sdk";
import { type BrowserBundle, bundleForBrowser } from "@worker3/sdk/testing";

/** What is packed in both worlds; text, so that it can be written into the page's script. */
const FOLDER = `[
  { path: ".worker3/manifest.json", content: new TextEncoder().encode("{}") },
  { path: "index.html", content: new TextEncoder().encode("<h1>hello</h1>") },
  { path: "large", content: new Uint8Array(2500000).map((_, index) => index % 251) },
  { path: "empty" },
  ...Array.from({ length: 6000 }, (_, index) => ({ path: "many/" + index, content: new TextEncoder().encode("é" + index) })),
]`;

const source = (path: string): string => fileURLToPath(new URL(`../../sdk/src/${path}`, import.meta.url));

/** A page's globals and none of Node's. Arrays are the host's, or the host's TextEncoder would return foreign ones. */
function pageContext(): ReturnType<typeof createContext> {
  return createContext(
    {
      crypto: webcrypto,
      TextEncoder,
      TextDecoder,
      URL,
      AbortController,
      AbortSignal,
      Event,
      EventTarget,
      queueMicrotask,
      setTimeout,
      clearTimeout,
      Uint8Array,
      ArrayBuffer,
      DataView,
    },
    { codeGeneration: { strings: false, wasm: true } },
  );
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

describe("the sdk in a browser", function () {
  this.timeout(120_000);
  let bundle: BrowserBundle;

  before(async () => {
    const entry = [
      `export { carOf, pack, parseDeploymentCid, verifyCar } from ${JSON.stringify(source("content/index.ts"))};`,
      `export { parseManifest, serializeManifest } from ${JSON.stringify(source("manifest/index.ts"))};`,
    ].join("\n");
    bundle = await bundleForBrowser(entry, "worker3");
    console.log(
      `    content and manifest: ${kib(bundle.bytes)} minified, ${kib(bundle.gzipBytes)} with gzip`,
    );
  });

  it("carries of the contracts the call that a page makes: no other call, no other contract's ABI", async () => {
    const entry = `import { escrow } from ${JSON.stringify(source("contracts/index.ts"))}; export const pay = escrow.deposit;`;
    const { code, bytes, gzipBytes } = await bundleForBrowser(entry, "worker3");
    console.log(`    one call: ${kib(bytes)} minified, ${kib(gzipBytes)} with gzip`);
    const calls = [...code.matchAll(/functionName:["'`](\w+)/g)].map(([, name]) => name);
    assert.deepEqual(calls, ["deposit"]);
    const events = ["WithdrawRequested", "NodeRegistered", "TermsSet", "ReceiptSkipped"];
    assert.deepEqual(
      events.filter((name) => code.includes(name)),
      ["WithdrawRequested"],
    );
  });

  it("carries of the queries the one that a page asks: no other contract's events, no call", async () => {
    const entry = `export { readVersions } from ${JSON.stringify(source("index.ts"))};`;
    const { code, bytes, gzipBytes } = await bundleForBrowser(entry, "worker3");
    console.log(`    one query: ${kib(bytes)} minified, ${kib(gzipBytes)} with gzip`);
    const events = ["VersionAdded", "NodeRegistered", "WithdrawRequested", "ReceiptSkipped"];
    assert.deepEqual(
      events.filter((name) => code.includes(name)),
      ["VersionAdded"],
    );
    assert.doesNotMatch(code, /functionName:["'`]\w/);
  });

  it("has all that a page asks of chain, nodes and DNS, and an upload, without Node's modules", async () => {
    const asked = [
      "askSupport",
      "fetchPutCar",
      "readDomains",
      "readReceipts",
      "readReceiptStates",
      "readUsage",
      "readVersions",
      "resolveDomain",
      "uploadToReplicas",
      "waitForVersion",
    ];
    const entry = `export { ${asked.join(", ")} } from ${JSON.stringify(source("index.ts"))};`;
    const { nodeModules, bytes, gzipBytes } = await bundleForBrowser(entry, "worker3");
    console.log(`    queries and upload: ${kib(bytes)} minified, ${kib(gzipBytes)} with gzip`);
    assert.deepEqual(nodeModules, []);
  });

  it("is bundled without any of Node's modules", () => {
    assert.deepEqual(bundle.nodeModules, []);
    assert.doesNotMatch(bundle.code, /["'`]node:|__vite-browser-external|\brequire\(/);
  });

  it("packs a folder to the CID and the CAR that Node gives it, with a page's globals alone", async () => {
    const folder: Parameters<typeof pack>[0] = new Function(`return ${FOLDER}`)();
    const inNode = await pack(folder);
    const context = pageContext();
    assert.equal(
      runInContext("typeof process + typeof Buffer + typeof require", context),
      "undefined".repeat(3),
    );
    runInContext(bundle.code, context);
    const inPage: { cid: string; carBytes: number } = await runInContext(`worker3.pack(${FOLDER})`, context);
    assert.deepEqual([inPage.cid, inPage.carBytes], [inNode.cid, inNode.carBytes]);
    const car: Uint8Array = await runInContext(`worker3.carOf(${FOLDER})`, context);
    assert.deepEqual(Buffer.from(car), Buffer.from(await carOf(folder)));
  });

  it("verifies a CAR and reads a manifest there", async () => {
    const context = pageContext();
    runInContext(bundle.code, context);
    const script = `(async () => {
      const folder = ${FOLDER};
      const { root, blocks, car } = await worker3.pack(folder);
      let count = 0;
      for await (const block of worker3.verifyCar(car(), root)) count += 1;
      const bytes = worker3.serializeManifest(worker3.parseManifest('{"assets": {}, "manifest": 2}'));
      return JSON.stringify({ missing: blocks - count, manifest: new TextDecoder().decode(bytes) });
    })()`;
    const result: string = await runInContext(script, context);
    assert.deepEqual(JSON.parse(result), { missing: 0, manifest: '{"assets":{},"manifest":2}' });
  });
});
