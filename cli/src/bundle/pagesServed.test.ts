import assert from "node:assert/strict";
import { join } from "node:path";
import { readDeployment } from "@worker3/sdk";
import { packFolder } from "@worker3/sdk/node";
import { ask } from "../../../node-agent/src/cells/testing/ask.ts";
import { TestRunner } from "../../../node-agent/src/cells/testing/TestRunner.ts";
import { createFile } from "../../../node-agent/src/content/createFile.ts";
import { extractDeployment } from "../../../node-agent/src/content/extractDeployment.ts";
import { folderWith } from "../testing/projectFolder.ts";
import { bundleProject } from "./bundleProject.ts";

const FILES = {
  "functions/_middleware.js":
    "export const onRequest = async (context) => { const found = await context.next(); const own = new Response(found.body, found); own.headers.set('x-middleware', '1'); return own; };",
  "functions/api/[id].js":
    "import text from './a.txt'; export const onRequestGet = ({ params, env }) => new Response(params.id + ' ' + text + ' ' + env.MODE); export const onRequestPost = () => new Response('made', { status: 201 });",
  "functions/api/a.txt": "text",
  "functions/page.js":
    "export const onRequest = ({ env, request }) => env.ASSETS.fetch(new URL('/about', request.url));",
  "wrangler.json": JSON.stringify({
    name: "site",
    pages_build_output_dir: "dist",
    compatibility_date: "2026-11-01",
    vars: { MODE: "live" },
  }),
  "dist/index.html": "<h1>home</h1>",
  "dist/about.html": "<h1>about</h1>",
  "dist/404.html": "<h1>nothing</h1>",
};

/** Wrangler and workerd really run. */
describe("Pages Functions in a cell", function () {
  this.timeout(60_000);

  it("answer their routes, and hand on to files and to the 404 page as on Pages", async () => {
    await using folder = await folderWith(FILES);
    await using bundled = await bundleProject({ directory: folder.path });
    const test = await TestRunner.create();
    try {
      // As a node has it: packed, and extracted from what was packed.
      await using packed = await packFolder(bundled.directory);
      const deployment = await readDeployment(packed.store, packed.root);
      const directory = join(test.home, "extracted");
      await extractDeployment({ deployment, reader: packed.store, folder: directory, createFile });
      const { manifest } = deployment;
      const cell = await test.runner.start({
        projectId: 7n,
        version: 1,
        cid: "bafy",
        folder: directory,
        manifest,
      });
      const answers: [question: Parameters<typeof ask>[1], status: number, body: string][] = [
        [{ path: "/api/7" }, 200, "7 text live"],
        [{ path: "/api/7", method: "POST" }, 201, "made"],
        [{ path: "/page" }, 200, "<h1>about</h1>"],
        [{ path: "/about" }, 200, "<h1>about</h1>"],
        [{ path: "/" }, 200, "<h1>home</h1>"],
        [{ path: "/functions/page.js" }, 404, "<h1>nothing</h1>"],
      ];
      for (const [question, status, body] of answers) {
        const answer = await ask(cell.socketPath, question);
        assert.deepEqual([answer.status, answer.body], [status, body], question.path);
        assert.equal(answer.headers["x-middleware"], "1", question.path);
      }
    } finally {
      await test.close();
    }
  });
});
