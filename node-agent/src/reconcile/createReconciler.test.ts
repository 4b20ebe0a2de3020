import assert from "node:assert/strict";
import { until } from "../testing/until.ts";
import { OTHER, PROJECT, ReconcilerWorld } from "./testing/ReconcilerWorld.ts";

describe("the reconciler", () => {
  let world: ReconcilerWorld;
  beforeEach(() => {
    world = new ReconcilerWorld();
  });
  afterEach(() => world.stop.abort());

  it("after a start of the agent a project sleeps until somebody asks, and one cell is started for all who ask", async () => {
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(world.target(), { kind: "sleeping", version: 1 });
    assert.deepEqual(world.starts, []);
    world.reconciler.wake(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.reconciler.wake(PROJECT);
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(world.starts, ["cid1"]);
    assert.equal(world.running.size, 1);
  });

  it("a pass that throws is made again until it goes well, though nothing new happens", async () => {
    world.bugs.push(new TypeError("first"), new TypeError("second"));
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target(), undefined);
    await until("the third pass", () => world.target()?.kind === "sleeping");
    assert.deepEqual(
      world.log.map(({ msg, projectId, err }) => [msg, projectId, err.message]),
      ["first", "second"].map((bug) => ["a project could not be reconciled", "7", bug]),
    );
    assert.match(world.log[0]?.err.stack ?? "", /createReconciler\.test\.ts/);
  });

  it("after a pass that threw, a new fact is looked at at once, and other projects are not held up", async () => {
    for (let i = 0; i < 10; i++) world.bugs.push(new TypeError("again"));
    // By then the next try is most of a minute away.
    while (world.bugs.length > 0) await world.reconciler.reconcile(PROJECT);
    await world.reconciler.reconcile(OTHER);
    assert.equal(world.target(OTHER)?.kind, "sleeping");
    assert.equal(world.target(), undefined);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target()?.kind, "sleeping");
  });

  it("a cell's end that cannot be told to the edge is told again", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.edgeBugs.push(new TypeError("at the end"), new TypeError("in the pass after it"));
    for (const cell of [...world.running.values()]) cell.stop("stopped");
    await until("the route", () => world.target()?.kind === "sleeping");
    assert.deepEqual(
      world.log.map(({ msg, err }) => [msg, err.message]),
      [
        ["a cell's end could not be acted on", "at the end"],
        ["a project could not be reconciled", "in the pass after it"],
      ],
    );
  });

  it("content that was found damaged is served no longer, also as the version before, and is fetched anew", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.stored.delete("cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "WAITING_FOR_CONTENT");
    assert.deepEqual(world.fetches, ["cid1"]);
    await until("its cell is gone", () => world.running.size === 0);

    world.stored.add("cid1");
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell again", () => world.servedCid() === "cid1");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1", "the version before, until the new one is here");
    assert.deepEqual(["cid1", "cid2"].map(world.reconciler.isInUse), [true, false]);
    world.stored.delete("cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "WAITING_FOR_CONTENT");
    await until("its cell is gone", () => world.running.size === 0);
  });

  it("a split whose second version the operator denies serves the first to all, and one whose first is denied none", async () => {
    world.stored.add("cid2");
    world.denied.add("cid2");
    world.project = { ...world.project, split: { version: 2, bps: 5_000 } };
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    assert.deepEqual(world.starts, ["cid1"]);
    world.denied.add("cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "DENIED");
    await until("its cell is gone", () => world.running.size === 0);
  });

  it("content whose fetch throws at once is fetched again when its time has come", async () => {
    world.stored.clear();
    await world.reconciler.reconcile(PROJECT);
    await until("another fetch", () => {
      world.reconciler.tick();
      return world.fetches.length > 1;
    });
  });

  it("a version that goes live is warm before visitors get it, and the one before ends afterwards", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("the first version", () => world.servedCid() === "cid1");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1");
    assert.deepEqual(world.fetches, ["cid2"]);
    world.stored.add("cid2");
    await world.reconciler.reconcile(PROJECT);
    await until("the second version", () => world.servedCid() === "cid2" && world.target()?.kind === "cell");
    await until("the first cell's end", () => world.running.size === 1);
    assert.deepEqual(world.starts, ["cid1", "cid2"]);
  });

  it("content that was prepared goes live without another start", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("the first version", () => world.servedCid() === "cid1");
    world.stored.add("cid2");
    await world.reconciler.prepare(PROJECT, "cid2");
    assert.equal(world.servedCid(), "cid1");
    assert.equal(world.running.size, 2);
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid2");
    assert.deepEqual(world.starts, ["cid1", "cid2"]);
  });

  it("content that was prepared before the first version is warm when that goes live", async () => {
    world.activate(0);
    await world.reconciler.reconcile(PROJECT);
    await world.reconciler.prepare(PROJECT, "cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "NO_VERSION");
    world.activate(1);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1");
    assert.deepEqual(world.starts, ["cid1"]);
  });

  it("a first version that is reorganised away takes its cell along", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("the first version", () => world.servedCid() === "cid1");
    world.activate(0);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "NO_VERSION");
    await until("the cell's end", () => world.running.size === 0);
  });

  it("a version that does not start leaves the one before, and says why", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("the first version", () => world.servedCid() === "cid1");
    world.stored.add("cid2");
    world.refusesToStart.add("cid2");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    await until("the failure", () => world.reconciler.status(PROJECT)?.code !== undefined);
    assert.equal(world.servedCid(), "cid1");
    assert.deepEqual(world.starts, ["cid1", "cid2"]);
    const { wanted, active, ready, code } = world.reconciler.status(PROJECT) ?? {};
    assert.deepEqual([wanted, active, ready, code], [2, 1, [1], "INTERNAL"]);
    world.activate(1);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1");
  });

  it("a cell that ends by itself is started again for the next visitor, until it does so five times a minute", async () => {
    await world.reconciler.reconcile(PROJECT);
    for (let i = 1; i <= 5; i++) {
      world.reconciler.wake(PROJECT);
      await until("a cell", () => world.servedCid() === "cid1");
      for (const cell of [...world.running.values()]) cell.stop("crashed");
      await until("no cell", () => world.servedCid() === undefined);
    }
    assert.equal(world.refusal(), "CELL_FAILING");
  });

  it("without credit it stops, and with credit it is there again", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.funded = false;
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.refusal(), "NO_CREDIT");
    await until("the cell's end", () => world.running.size === 0);
    world.funded = true;
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target()?.kind, "sleeping");
  });

  it("at the cap it refuses, and keeps its cell for the next epoch", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.reconciler.setCapReached(PROJECT, true);
    await until("the refusal", () => world.target()?.kind === "refused");
    world.reconciler.setCapReached(PROJECT, false);
    await until("the cell again", () => world.servedCid() === "cid1");
    assert.deepEqual(world.starts, ["cid1"]);
  });

  it("an idle cell is stopped, and the next visitor waits for another", async () => {
    world.create({ idleMs: -1 });
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.reconciler.tick();
    assert.equal(world.target()?.kind, "sleeping");
    await until("its end", () => world.running.size === 0);
    world.reconciler.wake(PROJECT);
    await until("another", () => world.servedCid() === "cid1");
  });

  it("a seat of the next epoch fetches and makes ready, has neither route nor cell, and serves from the turn on", async () => {
    world.seat = "prepares";
    world.stored.clear();
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual([world.fetches, world.target(), world.starts], [["cid1"], undefined, []]);
    world.stored.add("cid1");
    for (let i = 0; i < 2; i++) await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await world.reconciler.prepare(PROJECT, "cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual([world.madeReady, world.target(), world.starts], [["cid1"], undefined, []]);
    assert.equal(world.reconciler.status(PROJECT)?.state, "preparing");
    assert.deepEqual([...world.reconciler.served()], []);

    world.seat = "serves";
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target()?.kind, "sleeping");
    assert.deepEqual([...world.reconciler.served()], [PROJECT]);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
  });

  it("of a split both versions are made ready for a seat of the next epoch", async () => {
    world.seat = "prepares";
    world.stored.add("cid2");
    world.project = { ...world.project, split: { version: 2, bps: 5_000 } };
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(world.madeReady, ["cid1", "cid2"]);
    world.stored.delete("cid2");
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(world.fetches, ["cid2"]);
  });

  it("a seat that ends with its epoch serves until then; one that stays keeps its cell through the turn", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    // At the turn nobody knows yet whether the new epoch is paid for.
    world.funded = undefined;
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1");
    world.funded = true;
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual([world.starts, world.running.size], [["cid1"], 1]);

    world.seat = "prepares";
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target(), undefined, "given up for this epoch, and given again for the next");
    await until("the cell's end", () => world.running.size === 0);
    world.seat = "none";
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual([world.target(), [...world.reconciler.projects()]], [undefined, []]);
  });

  it("without a seat it forgets the project", async () => {
    await world.reconciler.reconcile(PROJECT);
    world.reconciler.wake(PROJECT);
    await until("a cell", () => world.servedCid() === "cid1");
    world.project = { ...world.project, terms: [] };
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.target(), undefined);
    await until("the cell's end", () => world.running.size === 0);
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(world.reconciler.projects(), []);
  });
});
