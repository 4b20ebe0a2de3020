import assert from "node:assert/strict";
import type { Cell } from "../../cells/Cell.ts";
import { ask } from "../../cells/testing/ask.ts";
import { TestRunner } from "../../cells/testing/TestRunner.ts";

const WORKER = `import { WorkerEntrypoint } from "cloudflare:workers";
export class Admin extends WorkerEntrypoint {
  count(n) { return n + 1; }
  async fetch(request) { return new Response("admin of " + new URL(request.url).pathname); }
}
export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/rpc") return new Response(String(await env.ADMIN.count(41)));
  if (pathname === "/admin") return env.ADMIN.fetch(request);
  if (pathname === "/again") return env.ME.fetch(new URL("/inner", request.url));
  if (pathname === "/file") return env.ME.fetch(new URL("/a.txt", request.url));
  return new Response("worker at " + pathname);
} };`;

const MANIFEST = {
  main: "index.js",
  modules: { "index.js": "esm" },
  compatibilityDate: "2026-11-01",
  bindings: [
    { type: "service", name: "ME" },
    { type: "service", name: "ADMIN", entrypoint: "Admin" },
  ],
};

describe("a worker that is bound to itself", () => {
  let test: TestRunner;
  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());

  async function bodyOf(cell: Cell, path: string): Promise<string> {
    return (await ask(cell.socketPath, { path })).body;
  }

  it("calls its entry points and itself; with files, it meets them first", async () => {
    const alone = await test.runner.start(await test.spec(MANIFEST, { "worker/index.js": WORKER }));
    assert.equal(await bodyOf(alone, "/rpc"), "42");
    assert.equal(await bodyOf(alone, "/admin"), "admin of /admin");
    assert.equal(await bodyOf(alone, "/again"), "worker at /inner");
    assert.equal(await bodyOf(alone, "/file"), "worker at /a.txt");
    const files = { "worker/index.js": WORKER, "assets/a.txt": "the file" };
    const withFiles = await test.runner.start(await test.spec({ ...MANIFEST, assets: {} }, files));
    assert.equal(await bodyOf(withFiles, "/file"), "the file");
    assert.equal(await bodyOf(withFiles, "/again"), "worker at /inner");
  });
});
