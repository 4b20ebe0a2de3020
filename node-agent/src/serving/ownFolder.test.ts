import assert from "node:assert/strict";
import { join } from "node:path";
import { type FolderEntry, type Manifest, pack, readDeployment, serializeManifest } from "@worker3/sdk";
import { ask } from "../cells/testing/ask.ts";
import { TestRunner } from "../cells/testing/TestRunner.ts";
import { createFile } from "../content/createFile.ts";
import { extractDeployment } from "../content/extractDeployment.ts";
import { eventually, fetchEdge, startTestEdge, type TestEdge, talk } from "../edge/testing/testEdge.ts";

/** In each file that is not the site's. */
const MARK = "own-5ecf1e";

/** It answers with what its own binding gives for `?ask=`, and itself anywhere else. */
const WORKER = `/* ${MARK} */ export default { async fetch(request, env) {
  const asked = new URL(request.url).searchParams.get("ask");
  return asked === null ? new Response("the worker's") : env.ASSETS.fetch("http://assets" + asked);
} }`;

const PLACES = ["manifest.json", "worker/index.js", "worker/lib/key.txt", "worker/", "worker", ""];
/** How `/.worker3/<place>` may be written, so that something takes it for that. */
const SPELLINGS: ((place: string) => string)[] = [
  (place) => `/.worker3/${place}`,
  (place) => `/.worker3/${place}/`,
  (place) => `//.worker3//${place}`,
  (place) => `/%2eworker3/${place}`,
  (place) => `/%2Eworker%33%2f${encodeURIComponent(place)}`,
  (place) => `/.WORKER3/${place}`,
  (place) => `/.Worker3/${place.toUpperCase()}`,
  (place) => `/x/../.worker3/${place}`,
  (place) => `/x/%2e%2e/.worker3/${place}`,
  (place) => `/x/..%2f.worker3/${place}`,
  (place) => `/./.worker3/./${place}`,
  (place) => `/.worker3/x/../${place}`,
  (place) => `\\.worker3\\${place.replaceAll("/", "\\")}`,
  (place) => `/.worker3%5c${place}`,
  (place) => `/x%5c..%5c.worker3%5c${place}`,
  (place) => `/.worker3/${place}?a=/b`,
  (place) => `/.worker3/${place}%00`,
];
/** Where the parts lie on a node's disk, seen from the site's files; a URL written so leads nowhere. */
const OUTSIDE = [
  "/..%2fmanifest.json",
  "/..%2fworker%2findex.js",
  "/%2e%2e%2fmanifest.json",
  "/..%5cmanifest.json",
];
const PATHS = [...SPELLINGS.flatMap((spell) => PLACES.map(spell)), ...OUTSIDE];

const SITE: FolderEntry[] = ["index.html", "404.html", "docs/index.html"].map((path) => ({
  path,
  content: new TextEncoder().encode(`<p>${path}`),
}));
const worker: Partial<Manifest> = {
  main: "index.js",
  modules: { "index.js": "esm", "lib/key.txt": "text" },
  compatibilityDate: "2026-11-01",
};
const PROJECTS: Readonly<Record<string, Partial<Manifest>>> = {
  site: { assets: {} },
  pages: { assets: { notFoundHandling: "404-page", pages: true } },
  spa: { assets: { notFoundHandling: "single-page-application" } },
  plain: { assets: { htmlHandling: "none" } },
  slashes: { assets: { htmlHandling: "force-trailing-slash" } },
  worker: { ...worker, assets: { binding: "ASSETS" } },
  first: { ...worker, assets: { binding: "ASSETS", runWorkerFirst: true } },
  app: { ...worker, assets: { binding: "ASSETS", notFoundHandling: "single-page-application" } },
};

describe("what a deployment has below .worker3", function () {
  this.timeout(60_000);
  const undo = new AsyncDisposableStack();
  const sockets = new Map<string, string>();
  let test: TestEdge;

  before(async () => {
    const runner = await TestRunner.create();
    undo.defer(() => runner.close());
    test = await startTestEdge();
    undo.defer(() => test.stop());
    const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
    for (const [i, [name, said]] of Object.entries(PROJECTS).entries()) {
      const manifest: Manifest = { manifest: 2, ...said };
      // A value that only a manifest has; a site without a worker has no variables.
      const marked = manifest.main === undefined ? manifest : { ...manifest, vars: { MARK } };
      const modules = manifest.main === undefined ? [] : ["index.js", "lib/key.txt"];
      const { store, root } = await pack([
        ...SITE,
        { path: ".worker3/manifest.json", content: serializeManifest(marked) },
        ...modules.map((module) => ({
          path: `.worker3/worker/${module}`,
          content: utf8(module === "index.js" ? WORKER : MARK),
        })),
      ]);
      const deployment = await readDeployment(store, root);
      const folder = join(runner.home, name);
      await extractDeployment({ deployment, reader: store, folder, createFile });
      const cell = await runner.runner.start({
        projectId: BigInt(i + 1),
        version: 1,
        cid: root.toString(),
        folder,
        manifest: deployment.manifest,
      });
      sockets.set(name, cell.socketPath);
      const host = `${name}.example`;
      test.routeTo(String(i + 1), host, cell.socketPath);
      await eventually(async () => (await fetchEdge(test.edge, { host, path: "/index.html" })).status < 400);
    }
  });
  after(() => undo.disposeAsync());

  const nothingOfIt = (body: string, what: string): void => {
    assert.ok(!body.includes(MARK) && !body.includes('"manifest":'), `${what}: ${body}`);
  };

  for (const name of Object.keys(PROJECTS)) {
    it(`no visitor gets, however the path is written: ${name}`, async () => {
      const host = `${name}.example`;
      for (const path of PATHS.filter((each) => !OUTSIDE.includes(each))) {
        const answer = await talk(
          test.edge,
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
        nothingOfIt(answer, path);
        // A target that begins with a backslash is no path at all.
        assert.match(answer, path.startsWith("\\") ? /^HTTP\/1\.1 400 / : /^HTTP\/1\.1 404 /, path);
      }
      for (const path of OUTSIDE) nothingOfIt((await fetchEdge(test.edge, { host, path })).body, path);
    });

    it(`no cell gives, not even by its own binding: ${name}`, async () => {
      const socketPath = sockets.get(name) ?? "";
      for (const path of PATHS) {
        if (path.startsWith("\\")) continue;
        const answer = await ask(socketPath, { path });
        nothingOfIt(answer.body, path);
        const asked = await ask(socketPath, { path: `/api?ask=${encodeURIComponent(path)}` });
        nothingOfIt(asked.body, path);
      }
    });
  }

  it("a worker gets what visitors get of its site by its binding", async () => {
    const { body } = await ask(sockets.get("first") ?? "", { path: "/api?ask=%2Fdocs%2F" });
    assert.equal(body, "<p>docs/index.html");
  });
});
