import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { TEMPLATES } from "../compatibility/templates/templates.ts";
import { tryProject } from "../compatibility/tryProject.ts";

describe("projects that npm create makes", function () {
  this.timeout(300_000);

  let devnet: Devnet;
  let folder: string;
  const over = new AbortController();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-templates-"));
    devnet = await startOwnDevnet({ nodes: 1, signal: over.signal });
  });

  after(async () => {
    over.abort();
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const project of TEMPLATES) {
    const { name, uses, expected } = project;
    const becomes =
      expected.outcome === "served"
        ? "is served as wrangler dev serves it"
        : `is refused with ${expected.code} before anything is paid`;
    it(`${name} (${uses}) ${becomes}`, async () => {
      const made = join(folder, name);
      const { directory } = await project.make(made);
      const temporary = join(folder, "tried");
      assert.deepEqual(await tryProject({ project, directory, temporary, devnet, signal: over.signal }), []);
      await rm(made, { recursive: true, force: true });
    });
  }
});
