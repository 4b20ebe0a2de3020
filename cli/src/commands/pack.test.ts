import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDeploymentCid, verifyCar } from "@worker3/sdk";
import { folderWith } from "../testing/projectFolder.ts";
import { runHere } from "../testing/runHere.ts";

describe("pack", () => {
  it("tells a folder's CID and writes its CAR, without network and key", async () => {
    await using folder = await folderWith({
      "index.html": "<h1>x</h1>",
      "a/b c.txt": "y",
      ".env": "SECRET=1",
    });
    await using out = await folderWith({});
    const file = join(out.path, "site.car");
    const { code, stdout, stderr } = await runHere(["pack", folder.path, "-o", file, "--json"]);
    assert.equal(code, 0, stderr);
    const document = JSON.parse(stdout);
    assert.equal(document.files, 3, "two files and the manifest");
    const car = await readFile(file);
    assert.equal(document.bytes, car.length);
    let blocks = 0;
    const source = (async function* () {
      yield car;
    })();
    for await (const _ of verifyCar(source, parseDeploymentCid(document.cid).cid)) blocks += 1;
    assert.ok(blocks > 2);
    assert.match(stderr, /not published: \.env/);
    assert.ok(!car.includes("SECRET"));
  });

  it("--trial starts the worker once: one that throws at its start is told by its error and line", async () => {
    const config = { name: "w", main: "index.js", compatibility_date: "2026-11-01" };
    await using folder = await folderWith({
      "wrangler.json": JSON.stringify(config),
      "index.js": "const key = undefined;\nconst length = key.length;\nexport default { fetch() {} };\n",
    });
    const without = await runHere(["pack", folder.path, "--json"]);
    assert.equal(without.code, 0, without.stdout);
    const { code, stdout } = await runHere(["pack", folder.path, "--trial", "--json"]);
    assert.equal(code, 1);
    const { error } = JSON.parse(stdout);
    assert.equal(error.code, "WORKER_FAILS_AT_START");
    assert.match(
      error.message,
      /TypeError: Cannot read properties of undefined.*\(at index\.js:\d+:\d+ of the bundle: .*key\.length;\)$/,
    );
    assert.match(error.next, /--no-trial/);
    await writeFile(join(folder.path, "index.js"), "export default { fetch() {} };\n");
    const mended = await runHere(["pack", folder.path, "--trial", "--json"]);
    assert.equal(mended.code, 0, mended.stdout);
    assert.deepEqual(JSON.parse(mended.stdout).notices, []);
  }).timeout(30_000);

  it("tells what is wrong with a project, exit code 1", async () => {
    await using empty = await folderWith({});
    const { code, stdout } = await runHere(["pack", empty.path, "--json"]);
    assert.equal(code, 1);
    const { error } = JSON.parse(stdout);
    assert.equal(error.code, "NOTHING_TO_SERVE");
    assert.equal(error.value, empty.path);
  });
});
