import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporary } from "../testing/makeFolder.ts";
import { capLog } from "./capLog.ts";
import { readTail } from "./readTail.ts";

describe("capLog", () => {
  let home: string;
  beforeEach(async () => {
    home = await makeTemporary();
  });
  afterEach(() => rm(home, { recursive: true }));

  it("drops the older lines above the cap while the writer goes on", async () => {
    const path = join(home, "log");
    const fd = openSync(path, "a");
    for (let line = 0; line < 1_000; line += 1) writeSync(fd, `line ${line}\n`);
    await capLog(path, { capBytes: 1_000 });
    writeSync(fd, "after\n");
    closeSync(fd);
    const text = await readFile(path, "utf8");
    assert.ok(text.length < 400, `${text.length} bytes`);
    assert.match(text, /^\.\.\. older lines dropped\nline \d+\n/);
    assert.ok(text.endsWith("line 999\nafter\n"));
  });

  it("leaves a log below its cap, and one that is not there", async () => {
    const path = join(home, "log");
    await capLog(path, { capBytes: 10 });
    const fd = openSync(path, "a");
    writeSync(fd, "ten bytes\n");
    closeSync(fd);
    await capLog(path, { capBytes: 10 });
    assert.equal(await readFile(path, "utf8"), "ten bytes\n");
  });

  it("shows the end of a log from a whole line on", async () => {
    const path = join(home, "log");
    const fd = openSync(path, "a");
    writeSync(fd, "first\nsecond\nthird\n");
    closeSync(fd);
    assert.equal(await readTail(path, 1_000), "first\nsecond\nthird");
    assert.equal(await readTail(path, 15), "second\nthird");
    assert.equal(await readTail(join(home, "none"), 15), "");
  });
});
