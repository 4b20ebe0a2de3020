import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { BundleError } from "./BundleError.ts";
import { fromConfig } from "./fromConfig.ts";
import type { ProjectParts } from "./ProjectParts.ts";

const ASSETS = JSON.stringify({ assets: { directory: "../home" } });

describe("what a configuration publishes", function () {
  this.timeout(30_000);

  const partsOf = async ({ path }: ProjectFolder, name = "cloned"): Promise<ProjectParts> => {
    const directory = join(path, name);
    const temporary = join(path, "temporary");
    await mkdir(temporary, { recursive: true });
    const configPath = join(directory, "wrangler.json");
    return await fromConfig({ directory, configPath, environment: undefined, temporary });
  };

  const outside: Record<string, Record<string, string>> = {
    "in a folder that it names": { "cloned/wrangler.json": ASSETS },
    "in a folder beside the checkout": { "cloned/.git/HEAD": "", "cloned/wrangler.json": ASSETS },
    "in a folder beside the workspace": {
      "cloned/package.json": '{"workspaces":["*"]}',
      "cloned/wrangler.json": ASSETS,
    },
    "as the output of Pages": { "cloned/wrangler.json": '{"pages_build_output_dir":"../home"}' },
    "as modules beside a worker": {
      "cloned/wrangler.json": JSON.stringify({
        main: "index.js",
        base_dir: "../home",
        find_additional_modules: true,
        compatibility_date: "2026-11-01",
      }),
      "cloned/index.js": "export default { fetch: () => new Response('') };",
    },
  };
  for (const [where, files] of Object.entries(outside)) {
    it(`lies in the project, and not ${where}`, async () => {
      await using folder = await folderWith({ ...files, "home/diary.txt": "private" });
      await assert.rejects(partsOf(folder), outsideOf(join(folder.path, "home")));
    });
  }

  it("is no folder outside to which a link leads", async () => {
    await using folder = await folderWith({
      "cloned/wrangler.json": JSON.stringify({ assets: { directory: "public" } }),
      "home/diary.txt": "private",
    });
    await symlink("../home", join(folder.path, "cloned", "public"));
    await assert.rejects(partsOf(folder), outsideOf(join(folder.path, "home")));
  });

  for (const [what, files] of Object.entries({
    checkout: { ".git/HEAD": "" },
    workspace: { "pnpm-workspace.yaml": "", "cloned/package.json": "{}" },
    package: { "package.json": "{}" },
  })) {
    it(`may lie beside the project in the same ${what}`, async () => {
      await using folder = await folderWith({ ...files, "cloned/wrangler.json": ASSETS, "home/a.txt": "" });
      const { assets } = await partsOf(folder);
      assert.deepEqual(
        assets.map(({ path }) => path),
        ["a.txt"],
      );
    });
  }

  it("may not lie in a home folder, even where that is a checkout", async () => {
    await using folder = await folderWith({
      ".git/HEAD": "",
      "cloned/wrangler.json": ASSETS,
      "home/diary.txt": "private",
    });
    const before = process.env.HOME;
    process.env.HOME = folder.path;
    try {
      await assert.rejects(partsOf(folder), outsideOf(join(folder.path, "home")));
    } finally {
      process.env.HOME = before;
    }
  });
});

function outsideOf(value: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof BundleError, String(error));
    assert.deepEqual([error.code, error.value], ["ASSETS_OUTSIDE", value]);
    assert.ok(error.next);
    return true;
  };
}
