import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { testSize } from "@worker3/sdk/testing";
import { folderWith } from "../testing/projectFolder.ts";
import { packProject } from "../upload/packProject.ts";

/** All that esbuild, shells, URLs and patterns take for something else. */
const ODD = `q? *#ü %20 %zz "it's" [x] {a,b} a:b <c> |$HOME & !`;

const WORKER = {
  "wrangler.json": JSON.stringify({
    main: "src/index.js",
    compatibility_date: "2026-11-01",
    compatibility_flags: ["nodejs_compat"],
  }),
  "src/index.js": `import legacy from "legacy"; import text from "./a.txt"; import odd from "./häm ber.js"; import os from "node:os";
    export default { fetch() { return Response.json([legacy, text, odd, os.EOL]); } };`,
  "src/häm ber.js": "export default 5;",
  "src/a.txt": "a",
  "node_modules/legacy/index.js": "module.exports = { answer: 42 };",
};

const projects: Record<string, Record<string, string>> = {
  "a worker": WORKER,
  "modules that are not bundled": {
    "wrangler.json": JSON.stringify({
      main: "src/index.js",
      compatibility_date: "2026-11-01",
      no_bundle: true,
      rules: [{ type: "ESModule", globs: ["**/*.js"] }],
    }),
    "src/index.js": 'export { default } from "./lib/index.js";',
    "src/lib/index.js": "export default { fetch() { return new Response('x'); } };",
  },
  "a _worker.js": {
    "index.html": "<h1>site</h1>",
    "_worker.js": "export default { fetch() { return new Response('x'); } };",
  },
  "Pages Functions": {
    "index.html": "<h1>site</h1>",
    "functions/index.js": 'import x from "./lib/index.js"; export const onRequest = () => new Response(x);',
    "functions/lib/index.js": 'export default "x";',
  },
  "static files": { "index.html": "<h1>site</h1>", _headers: "/*\n  A: b\n", "sub/a b.txt": "x" },
};

/** Wrangler really runs. */
describe("the folder that a project lies in", function () {
  this.timeout(120_000);

  const all = Object.entries(projects);
  for (const [name, files] of testSize({ short: all.slice(0, 1), whole: all })) {
    it(`changes no CID of ${name}, whatever it is called`, async () => {
      await using plain = await folderWith(files);
      await using root = await folderWith({});
      // What wrangler itself does not take in the path of functions: it writes the path into code.
      const folder = name === "Pages Functions" ? ODD.replaceAll(":", "") : ODD;
      const odd = join(root.path, folder, "project?");
      await cp(plain.path, odd, { recursive: true });
      assert.equal(await cidOf(odd), await cidOf(plain.path));
    });
  }
});

async function cidOf(directory: string): Promise<string> {
  await using packed = await packProject({ directory });
  return packed.car.cid;
}
