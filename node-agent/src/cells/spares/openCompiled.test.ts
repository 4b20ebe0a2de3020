import assert from "node:assert/strict";
import { readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "../../logging/createLogger.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { openCompiled } from "./openCompiled.ts";

const logger = createLogger({ level: "silent" });

describe("compiled configurations", () => {
  let directory: string;
  let compiled: string[];
  const open = (about: { workerd?: string; maxBytes?: number } = {}) =>
    openCompiled({
      directory,
      workerd: "1",
      logger,
      async compile(folder, text) {
        compiled.push(`${folder} ${text}`);
        if (text === "broken") throw new Error("it does not compile");
        return new TextEncoder().encode(text.padEnd(100));
      },
      ...about,
    });
  const of = (cid: string, text = "text") => ({ cid, folder: `/${cid}`, text });
  beforeEach(async () => {
    directory = await makeTemporary();
    compiled = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("are made once for all who ask, and found by the next agent", async () => {
    const store = await open();
    assert.equal(await store.find(of("a")), undefined);
    await Promise.all([store.make(of("a")), store.make(of("a"))]);
    await store.make(of("a"));
    assert.deepEqual(compiled, ["/a text"]);
    const found = await (await open()).find(of("a"));
    assert.equal(new TextDecoder().decode(found).trim(), "text");
  });

  it("are another's for another content, text or workerd", async () => {
    await (await open()).make(of("a"));
    assert.equal(await (await open()).find(of("b")), undefined);
    assert.equal(await (await open()).find(of("a", "other text")), undefined);
    assert.equal(await (await open({ workerd: "2" })).find(of("a")), undefined);
  });

  it("that cannot be made are not there, and asked for again", async () => {
    const store = await open();
    for (let i = 0; i < 2; i++) await store.make(of("a", "broken"));
    assert.equal(compiled.length, 2);
    assert.equal(await store.find(of("a", "broken")), undefined);
    assert.deepEqual(await readdir(directory), []);
  });

  it("go when there are too many, the one first that was not used for longest", async () => {
    const store = await open({ maxBytes: 1_700 });
    for (let i = 0; i < 17; i++) {
      await store.make(of(String(i)));
      for (const name of await readdir(directory)) {
        const path = join(directory, name);
        if (i < 16) await utimes(path, i, i);
      }
    }
    await utimes(join(directory, (await readdir(directory))[0] ?? ""), 1, 1);
    await store.make(of("one more"));
    assert.equal((await readdir(directory)).length, 17);
    assert.notEqual(await store.find(of("one more")), undefined);
  });

  it("leave nothing of an agent that ended while it made one", async () => {
    await writeFile(join(directory, "0000.tmp"), "half");
    await open();
    assert.deepEqual(await readdir(directory), []);
  });
});
