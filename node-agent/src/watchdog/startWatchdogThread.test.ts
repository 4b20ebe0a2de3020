import assert from "node:assert/strict";
import { join } from "node:path";
import type { Cell } from "../cells/Cell.ts";
import type { Incident } from "../cells/limits/createIncidents.ts";
import { ask } from "../cells/testing/ask.ts";
import { TestRunner } from "../cells/testing/TestRunner.ts";
import { until } from "../testing/until.ts";
import { startWatchdogThread, type WatchdogThreadParts } from "./startWatchdogThread.ts";

const REFUSAL = { status: 503, code: "X", message: "it is ended" };
const LOOP = "export default { fetch() { for (;;) {} } }";

describe("the watchdog's thread", function () {
  this.timeout(60_000);
  let test: TestRunner;
  let incidents: Incident[];
  let errors: string[];
  before(async () => {
    test = await TestRunner.create();
  });
  after(() => test.close());
  beforeEach(() => {
    [incidents, errors] = [[], []];
  });

  const start = (changes: Partial<WatchdogThreadParts> = {}) =>
    startWatchdogThread({
      socketPath: join(test.home, "watchdog.sock"),
      refusals: { CPU_LIMIT: REFUSAL, CPU_HANG: REFUSAL, MEMORY_LIMIT: REFUSAL, WALL_LIMIT: REFUSAL },
      cells: test.runner,
      replace: () => {},
      onIncident: (_, incident) => void incidents.push(incident),
      logger: { error: (_: unknown, message = "") => void errors.push(message) },
      ...changes,
    });

  it("ends a cell that hangs, be it one that was there or one that comes, without an edge that calls it", async () => {
    const before = await test.worker(LOOP);
    await using _ = await start();
    const later = await test.worker(LOOP);
    for (const cell of [before, later]) {
      ask(cell.socketPath, { path: "/" }).catch(() => {});
      const { reason, limit } = await cell.gone;
      assert.deepEqual([reason, limit], ["killed", "CPU_HANG"]);
    }
    await until("both are told", () => incidents.length === 2);
    assert.deepEqual(errors, []);
  });

  /** What no cell is: to be told of it ends the thread. */
  const poison = {
    elsewhere: () => ({ id: "poison" }),
    gone: new Promise(() => {}),
  } as unknown as Cell;

  it("is begun anew where it dies, and knows every cell again", async () => {
    const hung = await test.worker(LOOP);
    const tell: ((cell: Cell) => void)[] = [];
    const cells = {
      watchCells(onCell: (cell: Cell) => void) {
        tell.push(onCell);
        return test.runner.watchCells(onCell);
      },
    };
    await using _ = await start({ cells });
    tell[0]?.(poison);
    await until("it is begun anew", () => tell.length === 2);
    assert.deepEqual(errors, ["the watchdog failed and is begun anew"]);
    ask(hung.socketPath, { path: "/" }).catch(() => {});
    assert.equal((await hung.gone).limit, "CPU_HANG");
  });

  it("that cannot listen says so and is not begun again", async () => {
    await assert.rejects(start({ socketPath: join(test.home, "nowhere", "watchdog.sock") }), /listen/);
  });

  it("ends at once, also while it is about to be begun anew", async () => {
    const tell: ((cell: Cell) => void)[] = [];
    const cells = {
      watchCells(onCell: (cell: Cell) => void) {
        tell.push(onCell);
        return () => {};
      },
    };
    const thread = await start({ cells });
    tell[0]?.(poison);
    await until("it died", () => errors.length === 1);
    await thread[Symbol.asyncDispose]();
    assert.equal(tell.length, 1);
  });
});
