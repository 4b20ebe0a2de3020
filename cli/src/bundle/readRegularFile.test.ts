import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Worker3Error } from "@worker3/sdk";
import { readMemory } from "../project/remembered.ts";
import { folderWith } from "../testing/projectFolder.ts";
import { bundleProject } from "./bundleProject.ts";
import { readRegularFile } from "./readRegularFile.ts";
import { routesOf } from "./routesOf.ts";

/** What reads a file of a project that says how it is deployed, and what else the project has. */
const readers: Record<string, { files: Record<string, string>; read: (folder: string) => Promise<unknown> }> =
  {
    ".assetsignore": { files: { "index.html": "" }, read: bundled },
    "package.json": { files: { "index.html": "" }, read: bundled },
    "wrangler.json": { files: { "index.html": "" }, read: bundled },
    ".worker3/manifest.json": { files: { "index.html": "", ".worker3/worker/x": "" }, read: bundled },
    "worker3.json": { files: { "index.html": "" }, read: bundled },
    ".wrangler/deploy/config.json": { files: { ".wrangler/deploy/x": "" }, read: bundled },
    "_routes.json": { files: {}, read: (folder) => routesOf(join(folder, "_routes.json")) },
    ".worker3/project.json": {
      files: { ".worker3/x": "" },
      read: (directory) =>
        readMemory({ directory, environment: undefined, network: { chainId: 1, contracts: NO_CONTRACTS } }),
    },
  };
const NO_CONTRACTS = {} as Parameters<typeof readMemory>[0]["network"]["contracts"];

describe("a file that says how a project is deployed", () => {
  for (const [name, { files, read }] of Object.entries(readers)) {
    it(`comes to an end: ${name}`, async () => {
      await using folder = await folderWith(files);
      const path = join(folder.path, name);
      const refuses = async (code: string): Promise<void> => {
        await assert.rejects(read(folder.path), (error) => {
          assert.ok(error instanceof Worker3Error, String(error));
          const own = name === ".worker3/project.json" ? "REMEMBERED_UNREADABLE" : code;
          assert.deepEqual([error.code, error.value], [own, path]);
          return true;
        });
      };
      execFileSync("mkfifo", [path]);
      await refuses("NOT_A_FILE");
      await rm(path);
      await symlink("/dev/zero", path);
      await refuses("NOT_A_FILE");
    });
  }

  it("is no larger than what is read of it, and may be a link to one", async () => {
    await using folder = await folderWith({ small: "123", large: "1234" });
    await symlink("small", join(folder.path, "link"));
    assert.equal(String(await readRegularFile(join(folder.path, "link"), 3)), "123");
    await assert.rejects(readRegularFile(join(folder.path, "large"), 3), { code: "FILE_TOO_LARGE" });
    await assert.rejects(readRegularFile(join(folder.path, "nowhere")), { code: "ENOENT" });
    await assert.rejects(readRegularFile(folder.path), { code: "EISDIR" });
  });
});

async function bundled(directory: string): Promise<unknown> {
  await using project = await bundleProject({ directory });
  return project.manifest;
}
