import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, makeTemporary } from "../testing/makeFolder.ts";
import { fewFiles, linkAssets, MAX_ASSETS } from "./linkAssets.ts";

describe("assets of a spare", () => {
  let home: string;
  beforeEach(async () => {
    home = await makeTemporary();
  });
  afterEach(() => rm(home, { recursive: true }));

  it("are the same files, with the times that ETags are made of, and stay when the links go", async () => {
    const from = join(home, "from");
    const to = join(home, "to", "assets");
    await makeFolder(from, { "index.html": "root", "a/b/ü.txt": "deep", "a/c.txt": "c" });
    const files = await fewFiles(from);
    assert.deepEqual(files?.toSorted(), ["a/b/ü.txt", "a/c.txt", "index.html"]);
    await linkAssets(from, to, files ?? []);
    for (const file of files ?? []) {
      const [one, two] = await Promise.all([stat(join(from, file)), stat(join(to, file))]);
      assert.deepEqual([two.ino, two.mtimeMs, two.size], [one.ino, one.mtimeMs, one.size]);
    }
    await rm(to, { recursive: true });
    assert.equal(await readFile(join(from, "a/b/ü.txt"), "utf8"), "deep");
  });

  it("are none where there is no folder, and too many above the bound", async () => {
    assert.deepEqual(await fewFiles(join(home, "none")), []);
    const files = Array.from({ length: MAX_ASSETS }, (_, i) => [`${i % 7}/${i}.txt`, ""]);
    await makeFolder(home, Object.fromEntries(files));
    assert.equal((await fewFiles(home))?.length, MAX_ASSETS);
    await writeFile(join(home, "one more"), "");
    assert.equal(await fewFiles(home), undefined);
  });
});
