import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { EventEmitter } from "node:events";
import { promisify } from "node:util";
import { createLogger } from "../logging/createLogger.ts";
import { until } from "../testing/until.ts";
import { every } from "./every.ts";
import { inBackground } from "./inBackground.ts";

interface Entry {
  readonly msg: string;
  readonly what?: string;
  readonly err: { readonly message: string; readonly stack?: string };
}

describe("work that nobody waits for", () => {
  let log: Entry[];
  let stop: AbortController;
  const logger = createLogger({ destination: { write: (line) => void log.push(JSON.parse(line)) } });
  beforeEach(() => {
    log = [];
    stop = new AbortController();
  });
  afterEach(() => stop.abort());

  it("has somebody who answers for it, however it fails: neither its caller nor this process does", async () => {
    const emitter = new EventEmitter();
    const done: string[] = [];
    const about = { what: "a cell" };
    emitter.on("exit", (how: string) => {
      inBackground({ logger, failed: "it failed", about }, () => {
        if (how === "throws") throw new TypeError(how);
        return Promise.reject(new TypeError(how));
      });
      done.push(how);
    });
    emitter.emit("exit", "throws");
    emitter.emit("exit", "rejects");
    await until("both are told", () => log.length === 2);
    assert.deepEqual(done, ["throws", "rejects"]);
    assert.deepEqual(
      log.map(({ msg, what, err }) => [msg, what, err.message]),
      done.map((how) => ["it failed", "a cell", how]),
    );
    for (const { err } of log) assert.match(err.stack ?? "", /background\.test\.ts/);
  });

  it("is not complained of when it fails because the agent stops", async () => {
    stop.abort();
    inBackground({ logger, failed: "it failed", signal: stop.signal }, () => {
      throw new Error("stopped");
    });
    inBackground({ logger, failed: "it failed" }, async () => {
      throw new Error("told later than the other would be");
    });
    await until("the other is told", () => log.length > 0);
    assert.deepEqual(
      log.map(({ err }) => err.message),
      ["told later than the other would be"],
    );
  });

  it("ends no process where somebody forgot to answer for it, and is in the log with its stack", async () => {
    const script = `
      import { createLogger } from "${new URL("../logging/createLogger.ts", import.meta.url).href}";
      import { surviveRejections } from "${new URL("./surviveRejections.ts", import.meta.url).href}";
      surviveRejections(createLogger());
      const forgotten = async () => { throw new TypeError("a bug", { cause: new Error("its reason") }) };
      forgotten();
      setTimeout(() => console.log("alive"), 1);`;
    const args = ["--conditions=source", "--input-type=module-typescript", "--eval", script];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    assert.equal(stdout, "alive\n");
    const { level, err } = JSON.parse(stderr);
    assert.deepEqual([level, err.message, err.cause.message], [50, "a bug", "its reason"]);
    assert.match(err.stack, /at forgotten/);
  });

  it("goes on being done though it throws, now or later, and never twice at once", async () => {
    let [asked, now, most] = [0, 0, 0];
    every(1, { signal: stop.signal, logger, failed: "a step failed" }, () => {
      asked += 1;
      if (asked === 1) throw new Error("at once");
      if (asked === 2) return Promise.reject(new Error("later"));
      now += 1;
      most = Math.max(most, now);
      return new Promise<void>((resolve) =>
        setImmediate(() => {
          now -= 1;
          resolve();
        }),
      );
    });
    await until("it is done all the same", () => asked >= 5);
    stop.abort();
    assert.equal(most, 1);
    assert.deepEqual(
      log.map(({ msg, err }) => [msg, err.message]),
      [
        ["a step failed", "at once"],
        ["a step failed", "later"],
      ],
    );
  });
});
