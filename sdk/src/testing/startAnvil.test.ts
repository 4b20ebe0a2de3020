import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestClient, http } from "viem";
import { startAnvil } from "./startAnvil.ts";

describe("a chain for tests", () => {
  const home = process.env.HOME;
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "home-"));
    process.env.HOME = directory;
  });
  afterEach(async () => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
    await rm(directory, { recursive: true });
  });

  it("writes nothing to disk, however long it is", async () => {
    const anvil = await startAnvil();
    await createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl) }).mine({ blocks: 2_000 });
    await anvil.stop();
    const found = await readdir(directory, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      found.filter((entry) => entry.isFile()).map(({ name }) => name),
      [],
    );
  });
});
