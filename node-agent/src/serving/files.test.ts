import assert from "node:assert/strict";
import { TestRunner } from "../cells/testing/TestRunner.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge } from "../edge/testing/testEdge.ts";

const FILES = {
  "assets/index.html": "<h1>root</h1>",
  "assets/page.html": "<p>page</p>",
  "assets/a b.yaml": "a: 1\n",
  "assets/film.vtt": "WEBVTT\n",
  "assets/photo.heic": Uint8Array.of(1),
  "assets/noextension": "plain",
  "assets/own.yaml": "own: 1\n",
  "assets/_headers": "/own.yaml\n  Content-Type: text/x-own\n  Referrer-Policy: no-referrer\n",
  "assets/_redirects": "/old /page 302\n",
};

/** A worker that passes files on, and answers without a type itself. */
const WORKER = `export default { fetch(request, env) {
  if (new URL(request.url).pathname === "/api/data.yaml") return new Response(new Uint8Array([1]));
  return env.ASSETS.fetch(request);
} }`;

describe("files, as visitors get them", () => {
  const undo = new AsyncDisposableStack();
  let test: TestEdge;

  before(async () => {
    const runner = await TestRunner.create();
    undo.defer(() => runner.close());
    test = await startTestEdge();
    undo.defer(() => test.stop());
    const worker = { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01" };
    const projects = {
      "site.example": await runner.spec({ assets: { notFoundHandling: "single-page-application" } }, FILES),
      "pages.example": await runner.spec({ assets: { pages: true } }, FILES),
      "worker.example": await runner.spec(
        { ...worker, assets: { binding: "ASSETS", runWorkerFirst: true } },
        { ...FILES, "worker/index.js": WORKER },
      ),
    };
    for (const [i, [host, spec]] of Object.entries(projects).entries()) {
      const cell = await runner.runner.start(spec);
      test.routeTo(String(i + 1), host, cell.socketPath);
      await eventually(async () => (await fetchEdge(test.edge, { host })).status === 200);
    }
  });
  after(() => undo.disposeAsync());

  const headersOf = async (host: string, path: string, method = "GET") => {
    const { status, headers } = await fetchEdge(test.edge, { host, path, method });
    assert.ok(!Object.keys(headers).some((name) => /^worker3-(asset|pages)$/.test(name)), path);
    return { status, headers };
  };
  const typeAt = async (host: string, path: string, method?: string) =>
    (await headersOf(host, path, method)).headers["content-type"];

  for (const host of ["site.example", "pages.example", "worker.example"]) {
    it(`have the type of their names at ${host}`, async () => {
      assert.equal(await typeAt(host, "/a%20b.yaml"), "text/yaml; charset=utf-8");
      assert.equal(await typeAt(host, "/film.vtt", "HEAD"), "text/vtt; charset=utf-8");
      assert.equal(await typeAt(host, "/photo.heic"), "image/heic");
      assert.equal(await typeAt(host, "/page"), "text/html; charset=utf-8");
      assert.equal(await typeAt(host, "/own.yaml"), "text/x-own", "a rule of the folder holds");
      // Pages lets no browser guess.
      const unknown = host === "pages.example" ? "application/octet-stream" : undefined;
      assert.equal(await typeAt(host, "/noextension"), unknown);
    });
  }

  it("a page that is served instead of a file that is not there keeps its type", async () => {
    assert.equal(await typeAt("site.example", "/none.yaml"), "text/html; charset=utf-8");
  });

  it("what a worker answers by itself gets no type", async () => {
    assert.equal(await typeAt("worker.example", "/api/data.yaml"), undefined);
  });

  it("those of Pages have its headers, others have not", async () => {
    const { headers } = await headersOf("pages.example", "/page");
    assert.equal(headers["access-control-allow-origin"], "*");
    assert.equal(headers["referrer-policy"], "strict-origin-when-cross-origin");
    assert.equal(headers["x-content-type-options"], "nosniff");
    const own = await headersOf("pages.example", "/own.yaml");
    assert.equal(own.headers["referrer-policy"], "no-referrer");
    const other = await headersOf("site.example", "/page");
    assert.equal(other.headers["access-control-allow-origin"], undefined);
  });

  it("Pages redirects to the path without .html for good, Workers for the moment, and both as rules say", async () => {
    assert.equal((await headersOf("pages.example", "/page.html")).status, 308);
    assert.equal((await headersOf("site.example", "/page.html")).status, 307);
    assert.equal((await headersOf("pages.example", "/old")).status, 302);
  });
});
