import assert from "node:assert/strict";
import { join } from "node:path";
import { ASSET_MARK } from "../assetMarks.ts";
import type { Cell } from "./Cell.ts";
import { ask, type Question } from "./testing/ask.ts";
import { type Reference, startReference } from "./testing/startReference.ts";
import { TestRunner } from "./testing/TestRunner.ts";

const FILES = {
  "assets/index.html": "<h1>root</h1>",
  "assets/page.html": "<p>page</p>",
  "assets/docs/index.html": "docs",
  "assets/docs/deep/guide.html": "guide",
  "assets/404.html": "<p>nothing here</p>",
  "assets/docs/404.html": "<p>no such page of the docs</p>",
  "assets/app.js": "console.log(1)",
  "assets/style.css": "body {}",
  "assets/data.json": "{}",
  "assets/picture.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  "assets/font.woff2": Uint8Array.of(1, 2, 3),
  "assets/noextension": "plain",
  "assets/a b ü 日本.txt": "spaces and more",
  "assets/100%.txt": "percent",
  "assets/.well-known/security.txt": "dot",
  "assets/big.txt": "0123456789".repeat(2_000),
  "assets/secret.map": "ignored",
  "assets/_headers":
    "/app.js\n  Cache-Control: public, max-age=31556952, immutable\n  X-Test: yes\n/docs/*\n  X-Docs: :splat\n  ! ETag\n",
  "assets/_redirects":
    "/old /page 301\n/gone/:id /docs/:id 302\n/away https://example.com/x\n/proxied /page 200\n",
  "assets/.assetsignore": "*.map\n_headers\n_redirects\n.assetsignore\n",
};

const PATHS = [
  ...["/", "/index.html", "/index", "/page", "/page.html", "/page/", "/docs", "/docs/", "/docs/index.html"],
  ...[
    "/docs/deep/guide",
    "/docs/deep/guide/",
    "/docs/deep/",
    "/docs/none",
    "/none",
    "/none/",
    "/none.txt",
    "//",
  ],
  ...["/app.js", "/style.css", "/data.json", "/picture.svg", "/font.woff2", "/noextension", "/page?a=b&c"],
  ...["/a%20b%20%C3%BC%20%E6%97%A5%E6%9C%AC.txt", "/a%20b%20ü.txt", "/100%25.txt", "/100%.txt", "/%"],
  ...["/.well-known/security.txt", "/secret.map", "/_headers", "/_redirects", "/.assetsignore"],
  ...[
    "/old",
    "/gone/deep",
    "/away",
    "/proxied",
    "/docs/../page",
    "/..%2fmanifest.json",
    "/%2e%2e/manifest.json",
  ],
];

const NAVIGATION = { "sec-fetch-mode": "navigate", accept: "text/html" };

const QUESTIONS: Question[] = [
  ...PATHS.map((path) => ({ path })),
  ...["/", "/page", "/none", "/app.js", "/docs", "/api/x"].map((path) => ({ path, method: "HEAD" })),
  ...["/", "/page", "/none", "/api/x"].map((path) => ({ path, method: "POST" })),
  ...["/", "/none", "/docs/none", "/api/x", "/api/static/y"].map((path) => ({ path, headers: NAVIGATION })),
  ...["/api", "/api/x", "/api/static/y", "/docs/api"].map((path) => ({ path })),
  ...["bytes=0-9", "bytes=100-", "bytes=-5", "bytes=99999-", "bytes=0-1,3-4"].map((range) => ({
    path: "/big.txt",
    headers: { range },
  })),
  { path: "/page", headers: { "accept-encoding": "gzip, br" } },
  { path: "/page", headers: { "if-none-match": '"other"' } },
  { path: "/page", headers: { "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT" } },
];

const WORKER = `export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/api/x") return new Response("asset: " + (await (await env.ASSETS.fetch(new URL("/page", request.url))).text()));
  return new Response("worker: " + request.method + " " + pathname, { status: 203 });
} }`;

const WITH_WORKER = { main: "index.js", modules: { "index.js": "esm" }, compatibilityDate: "2026-11-01" };

/** The same project as a manifest and as `wrangler.json`. */
const projects: Record<string, { worker: boolean; assets: object; wrangler: object }> = {
  "files alone": { worker: false, assets: {}, wrangler: {} },
  "a 404 page": {
    worker: false,
    assets: { notFoundHandling: "404-page" },
    wrangler: { not_found_handling: "404-page" },
  },
  "a single-page application": {
    worker: false,
    assets: { notFoundHandling: "single-page-application" },
    wrangler: { not_found_handling: "single-page-application" },
  },
  "forced trailing slashes": {
    worker: false,
    assets: { htmlHandling: "force-trailing-slash" },
    wrangler: { html_handling: "force-trailing-slash" },
  },
  "dropped trailing slashes": {
    worker: false,
    assets: { htmlHandling: "drop-trailing-slash" },
    wrangler: { html_handling: "drop-trailing-slash" },
  },
  "HTML as any file": {
    worker: false,
    assets: { htmlHandling: "none", notFoundHandling: "none" },
    wrangler: { html_handling: "none", not_found_handling: "none" },
  },
  "a worker behind": { worker: true, assets: { binding: "ASSETS" }, wrangler: { binding: "ASSETS" } },
  "a worker first": {
    worker: true,
    assets: { binding: "ASSETS", runWorkerFirst: true },
    wrangler: { binding: "ASSETS", run_worker_first: true },
  },
  "a worker first on some paths, and a single page": {
    worker: true,
    assets: {
      binding: "ASSETS",
      runWorkerFirst: ["/api/*", "!/api/static/*"],
      notFoundHandling: "single-page-application",
    },
    wrangler: {
      binding: "ASSETS",
      run_worker_first: ["/api/*", "!/api/static/*"],
      not_found_handling: "single-page-application",
    },
  },
};

describe("assets of a cell", () => {
  let test: TestRunner;
  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());

  for (const [name, project] of Object.entries(projects)) {
    describe(name, () => {
      let cell: Cell;
      let reference: Reference;
      before(async () => {
        const files = project.worker ? { ...FILES, "worker/index.js": WORKER } : FILES;
        const manifest = { assets: project.assets, ...(project.worker ? WITH_WORKER : {}) };
        const spec = await test.spec(manifest, files);
        reference = await startReference(join(test.home, `reference ${name}`), spec.folder, {
          ...(project.worker ? { main: "worker/index.js" } : {}),
          assets: { directory: "assets", ...project.wrangler },
        });
        cell = await test.runner.start(spec);
      });
      after(async () => {
        await Promise.all([cell.stop({ graceMs: 0 }), reference.stop()]);
      });

      it("answers as workerd does from wrangler.json", async () => {
        let found = 0;
        let marked = 0;
        for (const question of QUESTIONS) {
          const [ours, theirs] = await Promise.all([
            ask(cell.socketPath, question),
            ask(reference.port, question),
          ]);
          // What marks a file for the edge is taken out there.
          const { [ASSET_MARK]: mark, ...headers } = ours.headers;
          assert.deepEqual({ ...ours, headers }, theirs, JSON.stringify(question));
          if (mark !== undefined) marked += 1;
          if (ours.status === 200) found += 1;
        }
        assert.equal(marked === 0, name === "a worker first");
        assert.ok(found > 15 || name === "a worker first", `${found} of ${QUESTIONS.length} were found`);
      });

      it("knows its ETags again", async () => {
        for (const path of ["/page.html", "/page", "/big.txt", "/app.js"]) {
          const { etag } = (await ask(reference.port, { path })).headers;
          if (etag === undefined) continue;
          const again = await ask(cell.socketPath, { path, headers: { "if-none-match": etag } });
          assert.deepEqual([again.status, again.body, again.headers.etag], [304, "", etag]);
        }
      });
    });
  }

  it("are led to another host as wrangler dev leads, by rules behind a byte order mark too", async () => {
    const rules = [
      "\uFEFF/s/* https://ex.org/:splat 301",
      "/h/* https://:splat.ex.org/x 302",
      "/n/:host/* https://:host.ex.org/:splat",
      "/r/* //ex.org/:splat",
      "/p/:a/:a /twice/:a",
      "/w/*/* /twice/:splat",
      "/t/* /:splat",
    ];
    const files = { "assets/index.html": "", "assets/_redirects": rules.join("\n") };
    const cell = await test.runner.start(await test.spec({ assets: {} }, files));
    const expected: [path: string, status: number, location: string | undefined][] = [
      ["/s/a/b?c=d", 301, "https://ex.org/a/b?c=d"],
      ["/s//evil.org", 301, "https://ex.org//evil.org"],
      ["/h/sub", 302, "https://sub.ex.org/x"],
      ["/n/a/b/c", 302, "https://a.ex.org/b/c"],
      ["/r/a?b=c", 302, "https://ex.org/a?b=c"],
      // A placeholder twice: the rule is none.
      ["/p/1/1", 404, undefined],
      ["/w/1/2", 404, undefined],
      ["/t//evil.org", 302, "/evil.org"],
    ];
    for (const [path, status, location] of expected) {
      const answer = await ask(cell.socketPath, { path });
      assert.deepEqual([answer.status, answer.headers.location], [status, location], path);
    }
  });

  it("have the ETags of any other folder with the same files", async () => {
    const cells = await Promise.all(
      [1, 2].map(async () => test.runner.start(await test.spec({ assets: {} }, FILES))),
    );
    const [one, two] = await Promise.all(cells.map((cell) => ask(cell.socketPath, { path: "/app.js" })));
    assert.ok(one?.headers.etag);
    assert.equal(one.headers.etag, two?.headers.etag);
    assert.equal(one.headers["cache-control"], "public, max-age=31556952, immutable");
    assert.equal(one.headers["x-test"], "yes");
  });
});
