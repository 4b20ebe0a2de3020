import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BundleError } from "./BundleError.ts";
import { detectProject } from "./detectProject.ts";

describe("a folder with Pages Functions and no configuration", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-functions-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), path === "package.json" ? "{}" : "export const onRequest = 1;");
    }
  }

  for (const output of ["public", "dist", "_site"]) {
    for (const more of [[], ["package.json"]]) {
      it(`is not published around the pages in ${output}${more.map((name) => `, with ${name}`).join("")}: the configuration that is missing is told`, async () => {
        await write("functions/api.js", `${output}/index.html`, "README.md", ...more);
        await assert.rejects(detectProject(folder), (error) => {
          assert.ok(error instanceof BundleError);
          assert.equal(error.code, "NO_WRANGLER_CONFIG");
          assert.match(error.message, /Pages Functions/);
          const [, configuration = ""] =
            /write a wrangler\.jsonc beside functions: (.*)$/.exec(error.next ?? "") ?? [];
          assert.equal(JSON.parse(configuration).pages_build_output_dir, output);
          return true;
        });
      });
    }
  }

  it("is what it looks like where its own page is beside functions, or none is anywhere", async () => {
    await write("functions/api.js", "public/picture.svg");
    assert.equal((await detectProject(folder)).kind, "pages");
    await write("index.html", "public/index.html");
    assert.equal((await detectProject(folder)).kind, "pages");
  });
});
