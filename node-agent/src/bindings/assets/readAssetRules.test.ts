import assert from "node:assert/strict";
import { mkdir, rm, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, makeTemporary } from "../../cells/testing/makeFolder.ts";
import { rejectsCode } from "../../cells/testing/rejectsCode.ts";
import { readAssetRules } from "./readAssetRules.ts";

describe("readAssetRules", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await makeTemporary();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("reads what is there", async () => {
    await makeFolder(folder, { "assets/_headers": "ü\n", "assets/.assetsignore": "", "assets/a.txt": "a" });
    await mkdir(join(folder, "assets/_redirects"));
    assert.deepEqual(await readAssetRules(folder), { headers: "ü\n", ignore: "" });
  });

  it("reads past a byte order mark", async () => {
    await makeFolder(folder, {
      "assets/_headers": "\uFEFF/*\n  A: b\n",
      "assets/_redirects": "\uFEFF/a /b\n",
    });
    assert.deepEqual(await readAssetRules(folder), { headers: "/*\n  A: b\n", redirects: "/a /b\n" });
  });

  it("follows no symbolic link: the agent may read more than a cell", async () => {
    await makeFolder(folder, { secret: "/*\n  Key: 0x01\n", "assets/a.txt": "a" });
    await symlink(join(folder, "secret"), join(folder, "assets/_headers"));
    assert.deepEqual(await readAssetRules(folder), {});
  });

  it("refuses what is too large to be rules", async () => {
    await makeFolder(folder, { "assets/_redirects": "" });
    await truncate(join(folder, "assets/_redirects"), 4 * 1024 * 1024 + 1);
    const error = await rejectsCode(readAssetRules(folder), "ASSET_RULES_TOO_LARGE");
    assert.equal(error.value, "_redirects");
  });
});
