import assert from "node:assert/strict";
import { serializeManifest } from "@worker3/sdk";
import { ask } from "../../cells/testing/ask.ts";
import { TestRunner } from "../../cells/testing/TestRunner.ts";

const WORKER = "export default { fetch: (_, env) => new Response(JSON.stringify(env.DEEP) + env.TEXT) };";

describe("variables of a worker", () => {
  let test: TestRunner;
  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());

  it("reach it with their keys in the project's order", async () => {
    const DEEP = { z: 1, a: [{ y: null, b: { ü: 1.5, c: "\u2028" } }] };
    const bytes = serializeManifest({
      manifest: 2,
      main: "index.js",
      modules: { "index.js": "esm" },
      compatibilityDate: "2026-11-01",
      vars: { TEXT: "text", DEEP },
    });
    const { manifest: _, ...read } = JSON.parse(new TextDecoder().decode(bytes));
    const cell = await test.runner.start(await test.spec(read, { "worker/index.js": WORKER }));
    assert.equal((await ask(cell.socketPath, { path: "/" })).body, `${JSON.stringify(DEEP)}text`);
  });
});
