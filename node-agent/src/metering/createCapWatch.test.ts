import assert from "node:assert/strict";
import type { Prices } from "@worker3/sdk";
import fc from "fast-check";
import { rollbackFacts } from "../chain/applyFacts.ts";
import { bookBlocks, checkpointAt, NODE, openTables } from "../chain/testing/bookBlocks.ts";
import { fact } from "../chain/testing/fact.ts";
import { termsAt } from "../chain/view/chainProject.ts";
import { batchTable } from "../ledger/batchTable.ts";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { usageTable } from "../ledger/usageTable.ts";
import { chargeSoFar } from "./chargeSoFar.ts";
import { createCapWatch } from "./createCapWatch.ts";
import { createMeter } from "./createMeter.ts";

const OWNER = "0x00000000000000000000000000000000000000A1";
const EPOCH_SECONDS = 100;
/** A request costs one unit, beside a base of ten. */
const PRICES: Prices = {
  fromEpoch: 0,
  feeBps: 0,
  included: 0n,
  base: 10n,
  perMRequests: 1_000_000n,
  perMCpuMs: 0n,
  perGiB: 0n,
  perGiBStored: 0n,
};

/** An agent's ledger, meter and watch over the cap; the epoch is what the test says. */
class World {
  readonly ledger: Ledger = openLedger(":memory:");
  epoch = 5;
  /** Whether whoever is told throws. */
  failing = false;
  /** By project, as it was told last. */
  readonly told = new Map<bigint, boolean>();
  #block = 0;
  tables = openTables(this.ledger);
  meter = this.#newMeter();
  watch = this.#newWatch();

  restart(): void {
    this.told.clear();
    this.tables = openTables(this.ledger);
    this.meter = this.#newMeter();
    this.watch = this.#newWatch();
  }

  terms(projectId: bigint, cap: bigint, { fromEpoch = this.epoch, nodeIds = [NODE] } = {}): void {
    const place = this.#place();
    bookBlocks(this.tables, [
      fact(place, "projectRegistry", "ProjectCreated", { projectId, owner: OWNER }),
      fact({ ...place, logIndex: 1 }, "projectRegistry", "TermsSet", { projectId, fromEpoch, cap, nodeIds }),
    ]);
  }

  prices(change: Partial<Prices> = {}): void {
    const prices = { ...PRICES, ...change };
    bookBlocks(this.tables, [fact(this.#place(), "usageSettlement", "PricesSet", { prices })]);
  }

  goBack(blocks: number): void {
    this.#block = Math.max(0, this.#block - blocks);
    rollbackFacts(this.tables, checkpointAt(BigInt(this.#block)));
  }

  use(projectId: bigint, requests: number, epoch = this.epoch): void {
    const counts = [{ projectId: String(projectId), epoch, minuteMs: 0, requests, egressBytes: 0 }];
    this.meter.bookReport({ reporter: `${Math.random()}`, sequence: 1, closedEpoch: 0, counts });
  }

  /** The projects that have reached their cap, as far as the reconciler was told. */
  reached(): bigint[] {
    this.watch.check(this.epoch);
    return [...this.told].flatMap(([projectId, reached]) => (reached ? [projectId] : [])).sort();
  }

  /** The same, found by looking at every minute of every project. */
  reallyReached(): bigint[] {
    const prices = this.tables.view.prices(this.epoch);
    const usage = usageTable(this.ledger);
    return usage.projectsIn(this.epoch).filter((projectId) => {
      const terms = termsAt(this.tables.view.project(projectId).terms, this.epoch);
      if (prices === undefined || terms?.nodeIds.includes(NODE) !== true) return false;
      const of = { prices, cap: terms.cap, epochSeconds: EPOCH_SECONDS };
      return chargeSoFar(of, usage.totalsOf({ projectId, epoch: this.epoch })).reachesCap;
    });
  }

  #place() {
    this.#block += 1;
    return { block: this.#block, logIndex: 0 };
  }

  #newMeter() {
    return createMeter({
      ledger: this.ledger,
      usage: usageTable(this.ledger),
      batches: batchTable(this.ledger),
      currentEpoch: () => this.epoch,
      late: 3,
    });
  }

  #newWatch() {
    const { meter, tables } = this;
    const setCapReached = (projectId: bigint, reached: boolean) => {
      if (this.failing) throw new Error("the reconciler fails");
      this.told.set(projectId, reached);
    };
    const view = tables.view;
    const reconciler = { setCapReached };
    return createCapWatch({ meter, view, reconciler, nodeId: NODE, epochSeconds: EPOCH_SECONDS });
  }
}

describe("the watch over the cap", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.prices();
    world.terms(1n, 100n);
    world.terms(2n, 100n);
  });
  afterEach(() => world.ledger.close());

  it("tells of a project when it is charged all that it may be, and of no other", () => {
    world.use(1n, 89);
    world.use(2n, 1);
    assert.deepEqual(world.reached(), []);
    world.use(1n, 1);
    assert.deepEqual(world.reached(), [1n]);
    assert.deepEqual([...world.told.keys()], [1n]);
  });

  it("forgets nothing that changed before a look that threw", () => {
    world.use(1n, 90);
    world.use(2n, 90);
    world.failing = true;
    assert.throws(() => world.reached(), /the reconciler fails/);
    world.failing = false;
    assert.deepEqual(world.reached(), [1n, 2n]);
    world.failing = true;
    world.terms(1n, 500n);
    world.terms(2n, 500n);
    assert.throws(() => world.reached(), /the reconciler fails/);
    world.failing = false;
    assert.deepEqual(world.reached(), []);
  });

  it("counts what is stored as it accrues, averaged over the whole epoch", () => {
    const projectId = 1n;
    world.prices({ perGiBStored: 1n << 10n });
    world.terms(projectId, 15n);
    const store = (seconds: number) =>
      world.meter.bookStored([
        {
          projectId,
          epoch: world.epoch,
          minuteMs: 0,
          storedByteSeconds: BigInt(seconds) * (10n << 20n),
          storedSeconds: seconds,
        },
      ]);
    // Ten MiB for a whole epoch are ten units beside the base of ten.
    store(EPOCH_SECONDS / 2 - 1);
    assert.deepEqual(world.reached(), []);
    store(1);
    assert.deepEqual(world.reached(), [projectId]);
  });

  it("tells of it once", () => {
    world.use(1n, 90);
    assert.deepEqual(world.reached(), [1n]);
    world.told.clear();
    world.use(1n, 5);
    assert.deepEqual(world.reached(), []);
  });

  it("follows a cap that is lowered and raised, and a seat that is taken away", () => {
    world.use(1n, 50);
    assert.deepEqual(world.reached(), []);
    world.terms(1n, 60n);
    assert.deepEqual(world.reached(), [1n]);
    world.terms(1n, 61n);
    assert.deepEqual(world.reached(), []);
    world.terms(1n, 60n);
    assert.deepEqual(world.reached(), [1n]);
    world.terms(1n, 60n, { nodeIds: [2] });
    assert.deepEqual(world.reached(), []);
  });

  it("follows a reorganisation that takes terms back", () => {
    world.use(1n, 50);
    world.terms(1n, 60n);
    assert.deepEqual(world.reached(), [1n]);
    world.goBack(1);
    assert.deepEqual(world.reached(), []);
  });

  it("follows prices that change, also those that a reorganisation changes", () => {
    world.use(1n, 80);
    assert.deepEqual(world.reached(), []);
    world.prices({ base: 20n });
    assert.deepEqual(world.reached(), [1n]);
    world.goBack(1);
    assert.deepEqual(world.reached(), []);
  });

  it("begins anew with each epoch, whose terms and usage are its own", () => {
    world.use(1n, 90);
    world.use(2n, 1);
    world.terms(2n, 11n, { fromEpoch: 6 });
    assert.deepEqual(world.reached(), [1n]);
    world.epoch = 6;
    assert.deepEqual(world.reached(), []);
    world.use(2n, 1);
    assert.deepEqual(world.reached(), [2n]);
  });

  it("knows after a restart what was charged before", () => {
    world.use(1n, 90);
    world.restart();
    assert.deepEqual(world.reached(), [1n]);
    world.use(2n, 89);
    world.restart();
    assert.deepEqual(world.reached(), [1n]);
    world.use(2n, 1);
    assert.deepEqual(world.reached(), [1n, 2n]);
  });

  it("counts nothing of a report that was not kept", () => {
    world.use(1n, 80);
    assert.deepEqual(world.reached(), []);
    const { ledger } = world;
    assert.throws(() =>
      ledger.transaction(() => {
        world.use(1n, 10);
        throw new Error("the disk is full");
      }),
    );
    assert.deepEqual(world.reached(), []);
    world.use(1n, 10);
    assert.deepEqual(world.reached(), [1n]);
  });

  it("says after whatever happens what a look at everything would say", () => {
    const projectId = fc.constantFrom(1n, 2n, 3n);
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ use: projectId, requests: fc.nat(40), ahead: fc.nat(1) }) },
      {
        weight: 3,
        arbitrary: fc.record({ terms: projectId, cap: fc.integer({ min: 10, max: 120 }), ahead: fc.nat(1) }),
      },
      { weight: 1, arbitrary: fc.record({ seat: projectId, nodeId: fc.integer({ min: 1, max: 2 }) }) },
      { weight: 1, arbitrary: fc.record({ base: fc.bigInt({ min: 0n, max: 60n }), ahead: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ goBack: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.constantFrom("turn" as const, "restart" as const) },
      { weight: 2, arbitrary: fc.constant("no look" as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const world = new World();
        world.prices();
        let looks = true;
        for (const step of steps) {
          if (step === "turn") world.epoch += 1;
          else if (step === "restart") world.restart();
          else if (step === "no look") looks = !looks;
          else if ("use" in step) world.use(step.use, step.requests, world.epoch + step.ahead);
          else if ("terms" in step)
            world.terms(step.terms, BigInt(step.cap), { fromEpoch: world.epoch + step.ahead });
          else if ("seat" in step) world.terms(step.seat, 50n, { nodeIds: [step.nodeId] });
          else if ("base" in step) world.prices({ base: step.base, fromEpoch: world.epoch + step.ahead });
          else world.goBack(step.goBack);
          // Without prices nothing new is told.
          if (looks && world.tables.view.prices(world.epoch) !== undefined)
            assert.deepEqual(world.reached(), world.reallyReached());
        }
        world.ledger.close();
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);
});
