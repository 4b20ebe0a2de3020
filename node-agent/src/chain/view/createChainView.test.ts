import assert from "node:assert/strict";
import type { Network } from "@worker3/sdk";
import fc from "fast-check";
import { type Ledger, openLedger } from "../../ledger/openLedger.ts";
import { applyFacts, rollbackFacts } from "../applyFacts.ts";
import { bookBlocks, checkpointAt, NODE, openTables, ZONE } from "../testing/bookBlocks.ts";
import { EARLIER_FACTS } from "../testing/earlierFacts.ts";
import { fact, hashOf } from "../testing/fact.ts";
import { history } from "../testing/history.ts";
import { type Act, NAMES, PROJECTS, RandomChain } from "../testing/RandomChain.ts";
import { Told } from "../testing/told.ts";
import type { ChainView } from "./createChainView.ts";
import { createSettlementView } from "./createSettlementView.ts";

const CONTRACTS = ["usageSettlement", "projectRegistry", "nodeRegistry"] as const;
const NODES = [1, 2, 3, 4];

/** The questions that anybody asks, with `head` and `epoch` as those of the newest block. */
interface Now {
  readonly head: number;
  readonly epoch: number;
}

const epochsOf = ({ epoch }: Now) => Array.from({ length: epoch + 4 }, (_, i) => i);
const finalsOf = ({ head }: Now) => [-1n, BigInt(head >> 1), BigInt(Math.max(head - 1, 0)), BigInt(head)];

function answersOf(view: ChainView, now: Now): object {
  const settlementAt = (final: bigint) =>
    createSettlementView({
      view,
      projects: { listOwn: () => PROJECTS },
      network: { zone: ZONE } as Network,
      nodeId: NODE,
      nowMs: Date.now,
      status: () => ({ head: undefined, final: final < 0n ? undefined : checkpointAt(final) }),
    });
  return {
    projects: PROJECTS.map(view.project),
    names: NAMES.map(view.projectAt),
    seats: PROJECTS.map((projectId) =>
      [now.epoch, now.epoch + 1].map((epoch) => view.seatsAt(projectId, epoch)),
    ),
    nodes: NODES.map(view.node),
    prices: epochsOf(now).map(view.prices),
    pauses: CONTRACTS.map(view.pausedUntil),
    successor: view.successor(),
    settlement: finalsOf(now).map((final) => {
      const settlement = settlementAt(final);
      return {
        seats: epochsOf(now).map(settlement.seatsIn),
        batches: epochsOf(now).map(settlement.countedBatches),
        epochs: settlement.countedEpochs(),
        claimed: settlement.claimedEpochs(),
        paid: settlement.paid(),
      };
    }),
  };
}

function expectedOf(told: Told, now: Now): object {
  return {
    projects: PROJECTS.map((projectId) => told.project(projectId)),
    names: NAMES.map((name) =>
      name.endsWith(ZONE)
        ? PROJECTS.find((projectId) => told.project(projectId).domains.includes(name))
        : undefined,
    ),
    seats: PROJECTS.map((projectId) =>
      [now.epoch, now.epoch + 1].map((epoch) => {
        const terms = told.termsAt(projectId, epoch);
        return terms && { fromEpoch: terms.fromEpoch, nodeIds: terms.nodeIds };
      }),
    ),
    nodes: NODES.map((nodeId) => told.node(nodeId)),
    prices: epochsOf(now).map((epoch) => told.prices(epoch)),
    pauses: CONTRACTS.map((contract) => told.pausedUntil(contract)),
    successor: told.successor(),
    settlement: finalsOf(now).map((final) => {
      const then = told.upTo(final);
      const claims = then.claims(NODE);
      return {
        seats: epochsOf(now).map((epoch) =>
          PROJECTS.flatMap((projectId) => {
            const terms = then.termsAt(projectId, epoch);
            return terms?.nodeIds.includes(NODE) ? [{ projectId, cap: terms.cap }] : [];
          }),
        ),
        batches: epochsOf(now).map((epoch) =>
          told
            .batches(NODE)
            .filter((batch) => batch.epoch === epoch)
            .map(({ statements, lines, block }) => ({ statements, lines, isFinal: block <= final })),
        ),
        epochs: [...new Set(then.batches(NODE).map(({ epoch }) => epoch))].sort((a, b) => a - b),
        claimed: new Set(claims.flatMap(({ epochs }) => epochs)),
        paid: claims.reduce((sum, { paid }) => sum + paid, 0n),
      };
    }),
  };
}

describe("what the chain says now", () => {
  let ledger: Ledger;
  beforeEach(() => {
    ledger = openLedger(":memory:");
  });
  afterEach(() => ledger.close());

  it("is read from a ledger that an earlier agent wrote", () => {
    ledger.database.exec(EARLIER_FACTS);
    ledger.database.exec("INSERT INTO own_projects VALUES (1)");
    const now = { head: 57, epoch: 11 };
    assert.deepEqual(answersOf(openTables(ledger).view, now), expectedOf(new Told(history()), now));
  });

  for (const [first, second] of [
    [1n, 2n],
    [2n, 1n],
  ] as const) {
    it(`a name that project ${first} gives to ${second} and takes back is always its holder's, wherever the chain goes back to`, () => {
      const domain = `one.${ZONE}`;
      const way = [
        [first, "claims"],
        [first, "releases"],
        [second, "claims"],
        [second, "releases"],
        [first, "claims"],
      ] as const;
      const facts = way.map(([projectId, does], i) => {
        const place = { block: i + 1, logIndex: 0 };
        return does === "claims"
          ? fact(place, "nameRegistry", "DomainClaimed", { projectId, domain })
          : fact(place, "nameRegistry", "DomainReleased", { projectId, domain, reason: "GivenUp" });
      });
      const holders = [undefined, first, undefined, second, undefined, first];
      for (const to of holders.keys()) {
        const ledger = openLedger(":memory:");
        const tables = openTables(ledger);
        bookBlocks(tables, facts);
        assert.equal(tables.view.projectAt(domain), first);
        rollbackFacts(tables, checkpointAt(BigInt(to)));
        assert.equal(tables.view.projectAt(domain), holders[to], `back to block ${to}`);
        ledger.close();
      }
    });
  }

  it("is the same after any facts, reorganisations, failures and restarts as read anew, and as the facts say", () => {
    const act = fc.tuple(fc.nat(15), fc.nat(9), fc.nat(9), fc.nat(13)) as fc.Arbitrary<Act>;
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ mine: fc.array(act, { maxLength: 6 }) }) },
      { weight: 2, arbitrary: fc.record({ reorganise: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 1, arbitrary: fc.record({ fail: fc.array(act, { minLength: 1, maxLength: 6 }) }) },
      { weight: 1, arbitrary: fc.constant({ restart: true }) },
      { weight: 2, arbitrary: fc.record({ lookAt: fc.constantFrom(...PROJECTS) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const ledger = openLedger(":memory:");
        const chain = new RandomChain();
        let tables = openTables(ledger);
        let watch = tables.view.watchTerms();
        for (const step of steps) {
          const termsBefore = termsOf(chain);
          if ("mine" in step) book(tables, chain, step.mine);
          else if ("reorganise" in step) {
            const head = chain.reorganise(step.reorganise);
            rollbackFacts(tables, head === 0 ? undefined : checkpointAt(BigInt(head)));
          } else if ("lookAt" in step) tables.view.project(step.lookAt);
          else if ("fail" in step) fail(tables, chain, step.fail);
          else {
            tables = openTables(ledger);
            watch = tables.view.watchTerms();
          }
          const expected = expectedOf(new Told(chain.facts), chain);
          assert.deepEqual(answersOf(openTables(ledger).view, chain), expected, "read anew");
          // Half of what is asked is not asked each time: some of it stays as it was last asked for.
          if (!("lookAt" in step)) assert.deepEqual(answersOf(tables.view, chain), expected, "kept");
          const noticed = watch.take();
          for (const [i, projectId] of PROJECTS.entries()) {
            const isSame = termsOf(chain)[i] === termsBefore[i];
            assert.ok(isSame || noticed.has(projectId), `other terms of ${projectId} were not noticed`);
          }
        }
        ledger.close();
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);

  function termsOf(chain: RandomChain): string[] {
    const told = new Told(chain.facts);
    const text = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
    return PROJECTS.map((projectId) => JSON.stringify(told.project(projectId).terms, text));
  }

  function book(tables: ReturnType<typeof openTables>, chain: RandomChain, acts: readonly Act[]): void {
    const facts = chain.mine(acts);
    const checkpoint = { number: BigInt(chain.head), hash: hashOf(chain.head), timestamp: chain.head };
    applyFacts(tables, { facts, checkpoint, nodeId: NODE });
  }

  /** A block that is not booked, for the disk is full at the last moment. */
  function fail(tables: ReturnType<typeof openTables>, chain: RandomChain, acts: readonly Act[]): void {
    const full = () => {
      throw new Error("the disk is full");
    };
    const failing = { ...tables, checkpoints: { ...tables.checkpoints, prune: full } };
    assert.throws(() => book(failing, chain, acts), /the disk is full/);
    chain.reorganise(1);
  }
});
