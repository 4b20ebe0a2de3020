import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevnetError } from "./DevnetError.ts";
import { claimState, stateHolder } from "./stateFolder.ts";

const NODES = 3;

describe("the state folder of a devnet", () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "state-"));
    folder = join(parent, "devnet");
  });
  afterEach(() => rm(parent, { recursive: true }));

  const code = (wanted: string) => (error: unknown) => {
    assert.ok(error instanceof DevnetError, String(error));
    assert.equal(error.code, wanted);
    return true;
  };

  it("may be new, or empty", async () => {
    assert.equal(await stateHolder(folder, NODES), undefined);
    await mkdir(folder);
    assert.equal(await stateHolder(folder, NODES), undefined);
  });

  it("is emptied of what a former devnet left", async () => {
    await mkdir(join(folder, "n1"), { recursive: true });
    await writeFile(join(folder, "n1", "ledger.db"), "old");
    await writeFile(join(folder, "devnet.json"), '{"event":"ready"}');
    assert.equal(await stateHolder(folder, NODES), undefined);
    await claimState(folder);
    assert.deepEqual(await readdir(folder), ["devnet.pid"]);
  });

  it("of a devnet that ended before it was ready is used again", async () => {
    await mkdir(folder);
    await writeFile(join(folder, "devnet.pid"), JSON.stringify({ pid: process.pid, startTime: "1" }));
    await writeFile(join(folder, "anvil.log"), "old");
    assert.equal(await stateHolder(folder, NODES), undefined);
  });

  it("is another's while that one runs", async () => {
    await claimState(folder);
    assert.equal(await stateHolder(folder, NODES), process.pid);
  });

  it("is left as it is when it holds something else", async () => {
    await mkdir(folder);
    for (const [name, content] of [
      ["thesis.txt", "years of work"],
      ["devnet.json", '{"mine":true}'],
    ] as const) {
      await writeFile(join(folder, name), content);
      await assert.rejects(stateHolder(folder, NODES), code("STATE_NOT_OURS"));
      assert.equal(await readFile(join(folder, name), "utf8"), content);
      await rm(join(folder, name));
    }
  });

  it("is no file", async () => {
    await writeFile(folder, "");
    await assert.rejects(stateHolder(folder, NODES), code("STATE_UNREADABLE"));
  });

  it("has a path that leaves room for the sockets of its nodes", async () => {
    const longest = 107 - "/n3/admin.sock".length;
    const path = `${parent}/`.padEnd(longest, "x");
    assert.equal(await stateHolder(path, NODES), undefined);
    await assert.rejects(stateHolder(`${path}x`, NODES), code("STATE_PATH_TOO_LONG"));
    await assert.rejects(stateHolder(path, 10), code("STATE_PATH_TOO_LONG"));
  });
});
