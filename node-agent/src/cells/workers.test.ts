import assert from "node:assert/strict";
import { join } from "node:path";
import { ask, type Question } from "./testing/ask.ts";
import { startReference } from "./testing/startReference.ts";
import { TestRunner } from "./testing/TestRunner.ts";

const WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

interface Project {
  readonly modules: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What both are told in their own words. */
  readonly manifest?: object;
  readonly wrangler?: object;
  readonly date?: string;
}

const SHOW_ENV = "export default { fetch(_, env) { return Response.json(env) } }";
const main = (source: string): Pick<Project, "modules" | "files"> => ({
  modules: { "index.js": "esm" },
  files: { "worker/index.js": source },
});
/** Answers with what the runtime shows of its settings. */
const SHOW_RUNTIME = `
export default { async fetch(request) {
  const attempt = async (run) => { try { return await run() } catch (error) { return error.constructor.name } };
  return Response.json({
    navigator: typeof navigator,
    buffer: typeof Buffer,
    process: typeof process,
    node: await attempt(async () => typeof (await import("node:util")).inspect),
    url: await attempt(() => new URL("http://a/%7e").href),
    getter: Object.hasOwn(new Request("http://a/"), "url"),
    cookies: typeof Headers.prototype.getSetCookie,
  });
} }`;

/** In the order that a manifest has them in. */
const vars = {
  DEEP: { a: { b: ["\\"] } },
  LIST: [1, "a"],
  N: 1.5,
  NO: false,
  NULL: null,
  TEXT: 'line\n"q" \\ ü😀',
  ZERO: 0,
};

/** The same project as a manifest and as `wrangler.json`. */
const projects: Readonly<Record<string, Project>> = {
  "variables of all JSON types": { ...main(SHOW_ENV), manifest: { vars }, wrangler: { vars } },
  "no variables": main(SHOW_ENV),
  "modules of all types": {
    modules: {
      "index.js": "esm",
      "lib/other.js": "esm",
      "t.txt": "text",
      "q.sql": "text",
      "d.bin": "data",
      "w.wasm": "wasm",
      "c.cjs": "commonjs",
    },
    files: {
      "worker/index.js": `import other from "./lib/other.js"; import text from "./t.txt"; import sql from "./q.sql";
        import data from "./d.bin"; import wasm from "./w.wasm"; import common from "./c.cjs";
        export default { fetch() { return Response.json({ other, text, sql, common,
          data: [...new Uint8Array(data)], wasm: wasm instanceof WebAssembly.Module }) } }`,
      "worker/lib/other.js": "export default import.meta.url === undefined ? 'none' : 'other'",
      "worker/t.txt": "text\u0000ü",
      "worker/q.sql": "SELECT 1;",
      "worker/d.bin": Uint8Array.of(0, 255, 128),
      "worker/w.wasm": WASM,
      "worker/c.cjs": "module.exports = { name: 'common', from: typeof require }",
    },
  },
  "a compatibility date of today": main(SHOW_RUNTIME),
  "an old compatibility date": { ...main(SHOW_RUNTIME), date: "2021-11-03" },
  "compatibility flags": {
    ...main(SHOW_RUNTIME),
    date: "2023-01-01",
    manifest: { compatibilityFlags: ["nodejs_compat", "url_standard", "global_navigator"] },
    wrangler: { compatibility_flags: ["nodejs_compat", "url_standard", "global_navigator"] },
  },
  "requests and answers of all sorts": main(`
    export default { async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/throw") throw new Error("no");
      if (pathname === "/empty") return new Response(null, { status: 204 });
      if (pathname === "/redirect") return Response.redirect("https://example.com/", 307);
      if (pathname === "/cookies") {
        const headers = new Headers(); headers.append("set-cookie", "a=1"); headers.append("set-cookie", "b=2");
        return new Response("c", { headers });
      }
      if (pathname === "/stream") return new Response(new Blob(["a", "b"]).stream());
      const sent = [...request.headers].filter(([name]) => name.startsWith("x-"));
      return Response.json({ method: request.method, url: request.url, sent });
    } }`),
};

const QUESTIONS: readonly Question[] = [
  ...["/", "/a%20b?c=d&e", "/throw", "/empty", "/redirect", "/cookies", "/stream"].map((path) => ({ path })),
  { path: "/", method: "POST" },
  { path: "/", method: "HEAD" },
  { path: "/", method: "DELETE", headers: { "x-one": "1", "X-Two": "zwei" } },
];

describe("workers of cells", () => {
  let test: TestRunner;
  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());

  for (const [name, project] of Object.entries(projects)) {
    it(`answer as by workerd from wrangler.json: ${name}`, async () => {
      const { modules, files, manifest = {}, wrangler = {}, date = "2026-11-01" } = project;
      const about = { main: "index.js", modules, compatibilityDate: date, ...manifest };
      const spec = await test.spec(about, files);
      const reference = await startReference(join(test.home, `reference ${name}`), spec.folder, {
        main: "worker/index.js",
        compatibility_date: date,
        ...wrangler,
      });
      const cell = await test.runner.start(spec);
      try {
        for (const question of QUESTIONS) {
          const [ours, theirs] = await Promise.all([
            ask(cell.socketPath, question),
            ask(reference.port, question),
          ]);
          assert.deepEqual(ours, theirs, JSON.stringify(question));
        }
        assert.equal((await ask(cell.socketPath, { path: "/" })).status, 200);
      } finally {
        await Promise.all([cell.stop({ graceMs: 0 }), reference.stop()]);
      }
    });
  }
});
