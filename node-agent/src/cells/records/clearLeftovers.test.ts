import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "../../logging/createLogger.ts";
import { identifyProcess } from "../../process/processIdentity.ts";
import { pidOf } from "../../testing/pidOf.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { writeRecord } from "./CellRecord.ts";
import { clearLeftovers } from "./clearLeftovers.ts";

const logger = createLogger({ level: "silent" });
const about = { projectId: 1n, version: 1, socketPath: "/s" };

describe("clearLeftovers", () => {
  let home: string;
  let child: ChildProcess;
  beforeEach(async () => {
    home = await makeTemporary();
    child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(child.stdout);
    await once(child.stdout, "data");
  });
  afterEach(async () => {
    child.kill("SIGKILL");
    await rm(home, { recursive: true, force: true });
  });

  it("ends the process of a record and removes what was the cell's", async () => {
    const identity = identifyProcess(pidOf(child));
    assert.ok(identity);
    const cell = join(home, "00c0ffee");
    await mkdir(join(cell, "s"), { recursive: true });
    writeRecord(cell, identity, about);
    const exit = once(child, "exit");
    await clearLeftovers(home, logger);
    assert.deepEqual(await exit, [null, "SIGKILL"]);
    assert.equal(existsSync(cell), false);
  });

  it("never ends a stranger that has the pid of a record by now", async () => {
    const identity = identifyProcess(pidOf(child));
    assert.ok(identity);
    for (const [name, other] of [
      ["00c0ffee", { startTime: String(Number(identity.startTime) - 1) }],
      ["00c0ffe0", { bootId: "another boot" }],
    ] as const) {
      await mkdir(join(home, name));
      writeRecord(join(home, name), { ...identity, ...other }, about);
    }
    await clearLeftovers(home, logger);
    assert.equal(existsSync(join(home, "00c0ffee")), false);
    assert.equal(child.exitCode ?? child.signalCode, null);
    assert.ok(identifyProcess(identity.pid));
  });

  it("leaves alone what is no cell's, and clears a cell with a broken record", async () => {
    await mkdir(join(home, "00c0ffee"));
    await writeFile(join(home, "00c0ffee", "record.json"), "{");
    await mkdir(join(home, "somebody else's"));
    await clearLeftovers(home, logger);
    assert.equal(existsSync(join(home, "00c0ffee")), false);
    assert.equal(existsSync(join(home, "somebody else's")), true);
  });
});
