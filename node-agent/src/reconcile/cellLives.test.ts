import assert from "node:assert/strict";
import { holdClock } from "../testing/holdClock.ts";
import { until } from "../testing/until.ts";
import { NEW_CELL_BYTES } from "./createRoom.ts";
import { RESIDENT_MS } from "./memoryEvictions.ts";
import { OTHER, PROJECT, ReconcilerWorld } from "./testing/ReconcilerWorld.ts";
import { UNPAID_GRACE_MS } from "./unpaidCut.ts";

describe("the cells of projects", () => {
  let world: ReconcilerWorld;
  beforeEach(() => {
    world = new ReconcilerWorld();
  });
  afterEach(() => world.stop.abort());

  async function wake(projectId = PROJECT): Promise<string> {
    await world.reconciler.reconcile(projectId);
    world.reconciler.wake(projectId);
    const target = await until("a cell", () => {
      const now = world.target(projectId);
      return now?.kind === "cell" ? now : undefined;
    });
    return target.socketPath;
  }
  /** Lives of a project's cells, the oldest first. */
  const lives = (projectId = PROJECT) =>
    world.reconciler.status(projectId)?.cells.map(({ version, state }) => `${version} ${state}`);

  it("are shown from their start to their end", async () => {
    world.hangsAtStart.add("cid1");
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.reconciler.status(PROJECT)?.state, "sleeping");
    world.reconciler.wake(PROJECT);
    await until("the start", () => world.reconciler.status(PROJECT)?.state === "starting");
    assert.deepEqual(lives(), ["1 starting"]);
    world.stored.add("cid2");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    // The start of a version that nobody wants any more is given up.
    await until("the second version", () => lives()?.join() === "2 warm");
    assert.equal(world.reconciler.status(PROJECT)?.state, "warm");
    world = new ReconcilerWorld({ lingerMs: 60_000 });
    await wake();
    world.funded = false;
    await world.reconciler.reconcile(PROJECT);
    assert.deepEqual(lives(), ["1 draining"]);
    assert.equal(world.reconciler.status(PROJECT)?.code, "NO_CREDIT");
  });

  it("that take their time to start hold up no other project", async () => {
    world.hangsAtStart.add("cid2");
    world.stored.add("cid2");
    const slow = Array.from({ length: 12 }, (_, i) => 100n + BigInt(i));
    world.activate(2);
    for (const projectId of slow) {
      await world.reconciler.reconcile(projectId);
      world.reconciler.wake(projectId);
    }
    await until("all starts", () => world.starts.length === slow.length);
    world.activate(1);
    await wake();
  });

  it("do not sleep while a request or WebSocket is in flight, however long, and only idleMs after it", async () => {
    using clock = holdClock();
    world.create({ idleMs: 300 });
    const socketPath = await wake();
    const afterMs = (ms: number) => {
      clock.advance(ms);
      world.reconciler.tick();
      return world.target()?.kind;
    };
    world.inFlight.set(socketPath, 1);
    for (let hours = 0; hours < 3; hours++) assert.equal(afterMs(3_600_000), "cell");
    world.inFlight.clear();
    assert.equal(afterMs(300), "cell", "the last event was no longer ago");
    assert.equal(afterMs(1), "sleeping");
    await until("the end", () => world.running.size === 0);
  });

  it("sleep when nobody asks for long, though the machine's clock is set back meanwhile", async () => {
    using clock = holdClock();
    world.create({ idleMs: 300 });
    await wake();
    clock.setMachine(-7_200_000);
    clock.advance(301);
    world.reconciler.tick();
    assert.equal(world.target()?.kind, "sleeping");
  });

  it("that end by themselves are failing with an id and a reason, and the next version is tried at once", async () => {
    for (let i = 0; i < 5; i++) {
      const socketPath = await wake();
      world.running.get(socketPath)?.stop("crashed");
      await until("no cell", () => world.servedCid() === undefined);
    }
    await until("the refusal", () => world.refusal() === "CELL_FAILING");
    const { state, code, failure } = world.reconciler.status(PROJECT) ?? {};
    assert.deepEqual([state, code, failure?.log], ["refused", "CELL_FAILING", "its last words"]);
    world.reconciler.wake(PROJECT);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.starts.length, 5, "it is left alone");

    world.stored.add("cid2");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    await until("the next version", () => world.servedCid() === "cid2");
    // What its owner goes back to gets a new chance.
    world.activate(1);
    await world.reconciler.reconcile(PROJECT);
    await until("the first version again", () => world.servedCid() === "cid1");
  });

  it("that a limit ends are started again for the next visitor, however often in a minute", async () => {
    for (let i = 0; i < 12; i++) {
      const socketPath = await wake();
      world.running.get(socketPath)?.stop("killed");
      await until("no cell", () => world.servedCid() === undefined);
      assert.equal(world.target()?.kind, "sleeping");
    }
    assert.equal(world.reconciler.status(PROJECT)?.code, undefined);
    await wake();
  });

  it("of a version that never starts leave the one before where it is, also when the next try is due", async () => {
    await wake();
    world.stored.add("cid2");
    world.refusesToStart.add("cid2");
    world.activate(2);
    await world.reconciler.reconcile(PROJECT);
    await until("the failure", () => world.reconciler.status(PROJECT)?.code !== undefined);
    using clock = holdClock();
    clock.advance(31_000);
    world.reconciler.tick();
    await until("the next try", () => world.starts.length === 3);
    await world.reconciler.reconcile(PROJECT);
    assert.equal(world.servedCid(), "cid1");
  });

  for (const code of ["CAP_REACHED", "NO_CREDIT"]) {
    it(`are cut off when nobody pays any more (${code}): at once what carries much, after the grace all`, async () => {
      using clock = holdClock();
      world.create({ lingerMs: 60_000, drainMs: 60_000 });
      const socketPath = await wake();
      world.inFlight.set(socketPath, 1);
      world.reconciler.tick();
      assert.deepEqual(world.cuts, []);
      if (code === "CAP_REACHED") world.reconciler.setCapReached(PROJECT, true);
      else world.funded = false;
      await world.reconciler.reconcile(PROJECT);
      assert.equal(world.refusal(), code);
      assert.ok(world.cuts.length > 0 && world.cuts.every((cut) => cut === `${code} carried ${socketPath}`));
      const cutsAfter = (ms: number) => {
        world.cuts.length = 0;
        clock.advance(ms);
        world.reconciler.tick();
        return [...world.cuts];
      };
      assert.deepEqual(cutsAfter(UNPAID_GRACE_MS - 1), [`${code} carried ${socketPath}`]);
      assert.deepEqual(cutsAfter(1), [`${code} age ${socketPath}`]);
      // Paid for again: what comes now has its own grace.
      if (code === "CAP_REACHED") world.reconciler.setCapReached(PROJECT, false);
      else world.funded = true;
      await world.reconciler.reconcile(PROJECT);
      assert.deepEqual(cutsAfter(1_000), []);
    });
  }

  describe("replaced by a fresh one", () => {
    it("serve until that is warm, then drain", async () => {
      const old = await wake();
      world.hangsAtStart.add("cid1");
      world.reconciler.replace(PROJECT, old);
      world.reconciler.replace(PROJECT, old);
      await until("the start", () => lives()?.join() === "1 warm,1 starting");
      assert.equal(world.starts.length, 2);
      assert.equal(world.servedCid(), "cid1");
      world.stop.abort();

      world = new ReconcilerWorld();
      const first = await wake();
      world.reconciler.replace(PROJECT, first);
      await until("the fresh one", () => {
        const now = world.target();
        return now?.kind === "cell" && now.socketPath !== first;
      });
      await until("the first one's end", () => lives()?.join() === "1 warm");
      assert.equal(world.running.has(first), false);
      assert.equal(world.starts.length, 2);
    });

    it("stay when that does not start, and are not replaced again at once", async () => {
      const old = await wake();
      world.refusesToStart.add("cid1");
      world.reconciler.replace(PROJECT, old);
      await until("the failure", () => world.starts.length === 2 && lives()?.join() === "1 warm");
      world.reconciler.replace(PROJECT, old);
      await world.reconciler.reconcile(PROJECT);
      assert.deepEqual([world.servedCid(), world.starts.length], ["cid1", 2]);
      assert.equal(world.reconciler.status(PROJECT)?.code, undefined);
    });
  });

  describe("of a split", () => {
    beforeEach(() => {
      world.stored.add("cid2");
      world.project = { ...world.project, split: { version: 2, bps: 1_000 } };
    });
    const sides = () => {
      const target = world.target();
      if (target?.kind !== "split") return target?.kind;
      return [target.active, target.canary].map(({ kind, version }) => `${version} ${kind}`).join();
    };

    it("sleep and wake together", async () => {
      await world.reconciler.reconcile(PROJECT);
      assert.equal(sides(), "1 sleeping,2 sleeping");
      world.reconciler.wake(PROJECT);
      await until("both", () => sides() === "1 cell,2 cell");
      assert.deepEqual(world.starts.toSorted(), ["cid1", "cid2"]);
      assert.deepEqual(world.reconciler.status(PROJECT)?.split, { version: 2, bps: 1_000 });
    });

    it("are both warm before the first visitor gets the second, and its end ends that cell", async () => {
      world.project = { ...world.project, split: undefined };
      await wake();
      world.project = { ...world.project, split: { version: 2, bps: 500 } };
      const seen = new Set<string | undefined>();
      void world.reconciler.reconcile(PROJECT);
      await until("the split", () => seen.add(sides()).has("1 cell,2 cell"));
      assert.deepEqual([...seen], ["cell", "1 cell,2 cell"]);
      world.project = { ...world.project, split: undefined };
      await world.reconciler.reconcile(PROJECT);
      assert.equal(world.servedCid(), "cid1");
      await until("the second one's end", () => world.running.size === 1);
    });

    it("that becomes active goes on without another start", async () => {
      await world.reconciler.reconcile(PROJECT);
      world.reconciler.wake(PROJECT);
      await until("both", () => sides() === "1 cell,2 cell");
      world.project = { ...world.project, active: 2, split: undefined };
      await world.reconciler.reconcile(PROJECT);
      assert.equal(world.servedCid(), "cid2");
      assert.equal(world.starts.length, 2);
    });

    it("that fails leaves all visitors with the active one", async () => {
      world.refusesToStart.add("cid2");
      await wake();
      assert.equal(world.servedCid(), "cid1");
      assert.deepEqual(world.starts.toSorted(), ["cid1", "cid2"]);
    });

    it("is fetched while all visitors get the active one", async () => {
      world.stored.delete("cid2");
      await wake();
      assert.deepEqual(world.fetches, ["cid2"]);
    });
  });

  describe("when memory is short", () => {
    beforeEach(() => {
      world.create({ warmBytes: NEW_CELL_BYTES });
    });

    it("the least recently used one goes for another", async () => {
      using clock = holdClock();
      const first = await wake();
      world.cellBytes = NEW_CELL_BYTES;
      world.reconciler.tick();
      clock.advance(RESIDENT_MS);
      await wake(OTHER);
      assert.equal(world.running.has(first), false);
      assert.equal(world.target()?.kind, "sleeping");
    });

    it("one that grew too large goes", async () => {
      await wake();
      world.cellBytes = NEW_CELL_BYTES + 1;
      world.reconciler.tick();
      assert.equal(world.target()?.kind, "sleeping");
      await until("its end", () => world.running.size === 0);
    });

    it("idle ones go before busy ones", async () => {
      using clock = holdClock();
      world.create({ warmBytes: 2 * NEW_CELL_BYTES });
      const busy = await wake();
      world.inFlight.set(busy, 1);
      await wake(OTHER);
      world.cellBytes = NEW_CELL_BYTES;
      world.reconciler.tick();
      clock.advance(RESIDENT_MS);
      await wake(9n);
      assert.equal(world.servedCid(), "cid1");
      assert.equal(world.target(OTHER)?.kind, "sleeping");
    });

    it("150 that are woken at once take no cell that is in use, and one of another owner is not behind them", async () => {
      using clock = holdClock();
      const places = 4;
      world.create({ warmBytes: places * NEW_CELL_BYTES });
      world.cellBytes = NEW_CELL_BYTES;
      const inUse = [await wake(1n), await wake(2n)];
      const flood = Array.from({ length: 150 }, (_, i) => BigInt(1_000 + i));
      world.owners.set(3n, "0x0000000000000000000000000000000000000003");
      const later = () => {
        clock.advance(1_000);
        for (const projectId of [1n, 2n]) world.reconciler.touch(projectId);
        world.reconciler.tick();
      };
      for (let second = 0; second < 5; second++) later();
      for (const projectId of [...flood, 3n]) {
        await world.reconciler.reconcile(projectId);
        world.reconciler.wake(projectId);
      }
      const serving = () => flood.filter((projectId) => world.target(projectId)?.kind === "cell");
      await until("as many as there is room for", () => serving().length === places - 2);
      for (let second = 1; second < RESIDENT_MS / 1_000; second++) later();
      assert.equal(world.target(3n)?.kind, "sleeping", "nobody goes yet");
      later();
      await until("the one of another owner", () => world.target(3n)?.kind === "cell");
      assert.ok(world.starts.length < 2 + places + 2, `${world.starts.length} were started before it`);
      for (const socketPath of inUse) assert.ok(world.running.has(socketPath), "it was in use");
    });
  });
});
