import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestClient, http } from "viem";
import { startAnvil } from "./startAnvil.ts";

describe("a chain for tests", () => {
  const outer = process.env.TMPDIR;
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "states-"));
    process.env.TMPDIR = directory;
  });
  afterEach(async () => {
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    await rm(directory, { recursive: true });
  });

  it("keeps its old states in a folder of its own, which goes with it", async () => {
    const anvil = await startAnvil();
    assert.equal((await readdir(directory)).length, 1);
    await createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl) }).mine({ blocks: 600 });
    await anvil.stop();
    assert.deepEqual(await readdir(directory), []);
  });
});
