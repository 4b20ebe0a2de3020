import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker3Error } from "@worker3/sdk";
import { testSize } from "@worker3/sdk/testing";
import { folderWith, siteNames } from "../testing/projectFolder.ts";
import { type BundledProject, bundleProject } from "./bundleProject.ts";

const FUNCTIONS = {
  "functions/_middleware.js":
    "export const onRequest = async (context) => { const response = await context.next(); response.headers.set('x-middleware', '1'); return response; };",
  "functions/api/[id].ts":
    'import text from "./a.txt"; export const onRequestGet = ({ params }: { params: { id: string } }) => new Response(params.id + text);',
  "functions/api/a.txt": "a secret of the source",
};
const API = { "functions/api/a.js": "export const onRequest = () => new Response('a');" };
const CONFIG = { name: "site", pages_build_output_dir: "dist", compatibility_date: "2026-11-01" };
const WORKER = "export default { fetch() { return new Response('own'); } };";

/** Wrangler really runs. */
describe("a project of Cloudflare Pages", function () {
  this.timeout(120_000);

  it("has one worker of its functions, and no source of them among the files", async () => {
    await using folder = await folderWith({
      ...FUNCTIONS,
      "wrangler.json": JSON.stringify(CONFIG),
      "dist/index.html": "<h1>site</h1>",
      "dist/functions/left.js": "also left aside by Pages",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    const { main = "", modules = {}, assets } = bundled.manifest;
    assert.deepEqual(Object.values(modules).sort(), ["esm", "text"]);
    assert.deepEqual(assets, {
      binding: "ASSETS",
      notFoundHandling: "single-page-application",
      pages: true,
      runWorkerFirst: ["/*"],
    });
    assert.deepEqual(await siteNames(bundled.directory), ["index.html"]);
    const code = await readFile(join(bundled.directory, ".worker3", "worker", main), "utf8");
    assert.match(code, /x-middleware/);
    assert.match(code, /routePath: "\/api\/:id"/);
    assert.doesNotMatch(code, /functionsRoutes-0|\.\.\//, "no name of chance, no path of this machine");
  });

  it("asks the worker for the functions' paths only, or for those of its own _routes.json", async () => {
    await using plain = await folderWith({ ...API, "index.html": "" });
    await using bundled = await bundleProject({ directory: plain.path });
    assert.deepEqual(bundled.manifest.assets?.runWorkerFirst, ["/api/a", "/api/a/"]);
    const routes = { version: 1, include: ["/api/*"], exclude: ["/api/static/*"] };
    await writeFile(join(plain.path, "_routes.json"), `\uFEFF${JSON.stringify(routes)}`);
    await using own = await bundleProject({ directory: plain.path });
    assert.deepEqual(own.manifest.assets?.runWorkerFirst, [
      "/api",
      "/api/*",
      "!/api/static",
      "!/api/static/*",
    ]);
    assert.deepEqual(await siteNames(own.directory), ["index.html"]);
  });

  it("without a configuration runs by a date that is told, and keeps keys back as any plain folder", async () => {
    await using folder = await folderWith({ ...API, "index.html": "", "server.pem": "k", ".npmrc": "k" });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.manifest.compatibilityDate, "2026-11-01");
    assert.deepEqual(await siteNames(bundled.directory), ["index.html"]);
    const said = bundled.notices.join("\n");
    assert.match(said, /not published: .*\.npmrc.*server\.pem/);
    // What the notice says to write is what runs, when it is written.
    const [, config = ""] = /write a wrangler\.jsonc: (\{.*\})$/m.exec(said) ?? [];
    await writeFile(join(folder.path, "wrangler.jsonc"), config);
    await using dated = await bundleProject({ directory: folder.path });
    assert.deepEqual(dated.manifest, bundled.manifest);
  });

  it("tells which sources of functions lie among the files that are published", async () => {
    await using folder = await folderWith({
      "functions/a.js": 'import x from "../lib/x.js"; export const onRequest = () => new Response(x);',
      "lib/x.js": "export default 1;",
      "lib/browser.js": "",
      "index.html": "",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.match(bundled.notices.join("\n"), /published as files too, .*: lib\/x\.js; an \.assetsignore/);
    await writeFile(join(folder.path, ".assetsignore"), "/lib/x.js\n");
    await using kept = await bundleProject({ directory: folder.path });
    assert.deepEqual(await readdir(join(kept.directory, "lib")), ["browser.js"]);
    assert.doesNotMatch(kept.notices.join("\n"), /published as files too/);
  });

  const own: [kind: string, files: Record<string, string>][] = [
    ["file", { "_worker.js": WORKER }],
    ["folder", { "_worker.js/index.js": 'export { default } from "./own.js";', "_worker.js/own.js": WORKER }],
  ];
  for (const [kind, files] of testSize({ short: own.slice(0, 1), whole: own })) {
    it(`is served by its _worker.js, a ${kind}, although there are functions`, async () => {
      const output = Object.fromEntries(Object.entries(files).map(([name, text]) => [`dist/${name}`, text]));
      await using folder = await folderWith({
        ...FUNCTIONS,
        ...output,
        "wrangler.json": JSON.stringify(CONFIG),
        "dist/index.html": "",
      });
      await using bundled = await bundleProject({ directory: folder.path });
      assert.match(await workerText(bundled), /'own'|"own"/);
      assert.deepEqual(await siteNames(bundled.directory), ["index.html"]);
      assert.ok(bundled.notices.some((notice) => notice.startsWith("functions/ is left aside: _worker.js")));
      // In a plain folder too.
      await using plain = await folderWith({ ...FUNCTIONS, ...files, "index.html": "" });
      await using same = await bundleProject({ directory: plain.path });
      assert.match(await workerText(same), /'own'|"own"/);
      assert.deepEqual(await siteNames(same.directory), ["index.html"]);
    });
  }

  it("whose functions do not build is refused in wrangler's words, with the place", async () => {
    await using folder = await folderWith({
      "functions/api/a.js": "export const onRequest = (",
      "index.html": "",
    });
    const error = await refusalOf(folder.path);
    assert.equal(error.code, "BUNDLE_FAILED");
    assert.match(error.message, /functions\/api\/a\.js:1:/);
    assert.equal(error.value, join(folder.path, "functions"));
  });

  it("whose build made files beside its functions is told a configuration that works as it is written", async () => {
    await using folder = await folderWith({
      ...FUNCTIONS,
      "package.json": '\uFEFF{"scripts":{"build":"vite build"}}',
      "index.html": "",
      "dist/index.html": "built",
    });
    const error = await refusalOf(folder.path);
    assert.equal(error.code, "NO_WRANGLER_CONFIG");
    const [config = ""] = /\{.*\}/.exec(error.next ?? "") ?? [];
    await writeFile(join(folder.path, "wrangler.jsonc"), config);
    await using bundled = await bundleProject({ directory: folder.path });
    assert.match(await workerText(bundled), /x-middleware/);
    assert.deepEqual(await siteNames(bundled.directory), ["index.html"]);
  });

  it("whose output alone is deployed says that its functions are not, and how both are", async () => {
    await using folder = await folderWith({ ...FUNCTIONS, "dist/index.html": "built" });
    await using files = await bundleProject({ directory: join(folder.path, "dist") });
    assert.equal(files.manifest.main, undefined);
    const [, config = "", project = ""] =
      /no part of this; .* beside them, (\{.*\}), and deploy (.*)$/.exec(files.notices.join("\n")) ?? [];
    await writeFile(join(folder.path, "wrangler.jsonc"), config);
    await using both = await bundleProject({ directory: project });
    assert.match(await workerText(both), /x-middleware/);
  });

  it("takes a folder called functions without code in it for what it is", async () => {
    await using folder = await folderWith({
      "index.html": "",
      "functions/index.html": "the page of functions",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.manifest.main, undefined);
    assert.deepEqual((await siteNames(bundled.directory)).sort(), ["functions", "index.html"]);
  });
});

describe("code that a build made for a server", function () {
  this.timeout(60_000);

  const folders: Record<string, Record<string, string>> = {
    "Vite's own, beside the files": { "index.html": "", "server/entry-server.js": "secret" },
    "a client and a server part": { "client/index.html": "", "server/index.mjs": "secret" },
    "a worker of Cloudflare's plugin": {
      "client/index.html": "",
      "my_worker/wrangler.json": "{}",
      "my_worker/index.js": "secret",
    },
  };
  for (const [name, files] of Object.entries(folders)) {
    it(`is not published: ${name}`, async () => {
      await using folder = await folderWith(files);
      const error = await refusalOf(folder.path);
      assert.equal(error.code, "SERVER_BUNDLE");
      assert.match(error.value ?? "", /server$|my_worker$/);
    });
  }

  it("stays behind or is published as .assetsignore says, as the hint has it", async () => {
    await using folder = await folderWith({ "index.html": "", "server/entry-server.js": "secret" });
    const { next = "" } = await refusalOf(folder.path);
    const [, leave = "", file = "", publish = ""] =
      /^write (\S+) into (\S+) to leave it out, (\S+) to publish it$/.exec(next) ?? [];
    await writeFile(file, leave);
    await using without = await bundleProject({ directory: folder.path });
    assert.deepEqual(await siteNames(without.directory), ["index.html"]);
    await writeFile(file, publish);
    await using withIt = await bundleProject({ directory: folder.path });
    assert.deepEqual((await siteNames(withIt.directory)).sort(), ["index.html", "server"]);
  });

  it("is no page called server", async () => {
    await using folder = await folderWith({ "index.html": "", "server/index.html": "", "server/app.js": "" });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.files, 4);
  });
});

async function workerText({ directory }: BundledProject): Promise<string> {
  const place = join(directory, ".worker3", "worker");
  const names = await readdir(place);
  return (await Promise.all(names.map((name) => readFile(join(place, name), "utf8")))).join("\n");
}

async function refusalOf(directory: string): Promise<Worker3Error> {
  try {
    await using _ = await bundleProject({ directory });
  } catch (error) {
    if (error instanceof Worker3Error) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}
