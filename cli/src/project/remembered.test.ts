import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { requiredContracts } from "@worker3/sdk";
import { exampleAddresses } from "@worker3/sdk/testing";
import { folderWith } from "../testing/projectFolder.ts";
import { readMemory } from "./remembered.ts";

const network = { chainId: 31_337, contracts: exampleAddresses(requiredContracts) };
const told = { domain: "shop.worker3.localhost", projectId: "1" };
const memoryIn = (directory: string) => readMemory({ directory, environment: undefined, network });

describe("what is remembered of a folder", () => {
  it("is written over a link that came with the project, not through it", async () => {
    await using home = await folderWith({ "victim.json": '{"projects":[]}' });
    await using site = await folderWith({ "index.html": "x" });
    const victim = join(home.path, "victim.json");
    const own = join(site.path, ".worker3");
    await mkdir(own);
    await symlink(victim, join(own, "project.json"));
    await symlink(victim, join(own, `project.json.${process.pid}.part`));
    await (await memoryIn(site.path)).remember(told);
    assert.equal(await readFile(victim, "utf8"), '{"projects":[]}');
    assert.ok((await lstat(join(own, "project.json"))).isFile());
    assert.deepEqual((await memoryIn(site.path)).found?.domain, told.domain);
    assert.deepEqual(await readdir(own), ["project.json", `project.json.${process.pid}.part`]);
  });

  it("is not written into a folder that a link leads to", async () => {
    await using home = await folderWith({ "victim/x": "x" });
    await using site = await folderWith({ "index.html": "x" });
    await symlink(join(home.path, "victim"), join(site.path, ".worker3"));
    await assert.rejects((await memoryIn(site.path)).remember(told), { code: "REMEMBERED_UNWRITABLE" });
    assert.deepEqual(await readdir(join(home.path, "victim")), ["x"]);
  });

  it("is no domain where it is none", async () => {
    for (const domain of ["\u001b[2Jx.worker3.localhost", "a\nb.worker3.localhost", "", "x".repeat(254)]) {
      await using site = await folderWith({ "index.html": "x" });
      await mkdir(join(site.path, ".worker3"));
      const entry = {
        chainId: network.chainId,
        projectRegistry: network.contracts.projectRegistry,
        directory: ".",
        environment: null,
        domain,
        projectId: "1",
      };
      await writeFile(join(site.path, ".worker3", "project.json"), JSON.stringify({ projects: [entry] }));
      await assert.rejects(memoryIn(site.path), { code: "REMEMBERED_UNREADABLE" }, JSON.stringify(domain));
    }
  });
});
