import assert from "node:assert/strict";
import type { LeftOut } from "../ledger/batchTable.ts";
import { collectedEpochs, type DueStatementsParameters, dueStatements } from "./dueStatements.ts";
import type { Moment } from "./momentOf.ts";
import { GAS, payingReceipts } from "./payingReceipts.ts";
import { planTransactions } from "./planTransactions.ts";

/** `head` in epochs, with its part. */
function at(head: number, late: number): Moment {
  const times = {
    genesis: 1_000,
    epochSeconds: 100,
    late,
    dispute: 3,
    decide: 5,
    creditThaw: 9,
    stakeThaw: 21,
  };
  const headEpoch = Math.floor(head);
  return { times, headSeconds: times.genesis + head * 100, headEpoch, finalEpoch: headEpoch };
}

interface Waiting {
  readonly projectId: bigint;
  readonly epoch: number;
  readonly batch: number | undefined;
  readonly triedEpoch: number | undefined;
  readonly leftOut: LeftOut | undefined;
}
const waiting = (epoch: number, more: Partial<Waiting> = {}): Waiting => ({
  projectId: 1n,
  epoch,
  batch: undefined,
  triedEpoch: undefined,
  leftOut: undefined,
  ...more,
});
const poor = (epoch: number, triedEpoch: number) =>
  waiting(epoch, { triedEpoch, leftOut: "TooLittleCredit" });
const dear = (epoch: number, triedEpoch: number) => waiting(epoch, { triedEpoch, leftOut: "Gas" });

describe("how many epochs are collected", () => {
  for (const [late, wanted, epochs] of [
    [3, 3, 2],
    [4, 3, 3],
    [7, 3, 3],
    [4, 2, 2],
    [4, 1, 1],
    [1, 3, 1],
  ] as const)
    it(`of ${wanted}, where usage may be submitted for ${late} epochs: ${epochs}`, () =>
      assert.equal(collectedEpochs({ late }, wanted), epochs));
});

describe("when receipts are handed in", () => {
  type Case = Partial<DueStatementsParameters<Waiting>>;
  const table: [rule: string, late: number, head: number, open: Waiting[], due: number[], more?: Case][] = [
    ["one epoch waits", 4, 6, [waiting(5)], []],
    ["two epochs wait", 4, 7.9, [waiting(5), waiting(6)], []],
    ["three do not", 4, 8, [waiting(5), waiting(6), waiting(7)], [5, 6, 7]],
    ["where less time is given, two do not", 3, 7, [waiting(5), waiting(6)], [5, 6]],
    ["where more time is given, three are enough", 7, 8, [waiting(5), waiting(6), waiting(7)], [5, 6, 7]],
    ["an epoch without usage is not waited for", 4, 8, [waiting(5), waiting(7)], [5, 7]],
    ["one epoch waits no longer than three would", 4, 8, [waiting(5)], [5]],
    [
      "with an epoch to spare, the last one's statements are waited for",
      4,
      8.1,
      [waiting(5)],
      [],
      { hasUnwritten: true },
    ],
    ["but for half an epoch only", 4, 8.5, [waiting(5)], [5], { hasUnwritten: true }],
    ["and not in the last epoch", 4, 9, [waiting(5)], [5], { hasUnwritten: true }],
    ["nothing is after the deadline", 4, 10, [waiting(5)], []],
    ["nothing waits where one epoch is a transaction", 4, 6, [waiting(5)], [5], { epochsPerTransaction: 1 }],
    [
      "two are enough where the operator says so",
      4,
      7,
      [waiting(5), waiting(6)],
      [5, 6],
      { epochsPerTransaction: 2 },
    ],
    ["nothing waits where the node leaves", 4, 6, [waiting(5)], [5], { isLeaving: true }],
    [
      "what short credit pays goes at once, and it alone",
      4,
      7,
      [waiting(5), waiting(6, { projectId: 9n })],
      [6],
      { isShort: (projectId) => projectId === 9n },
    ],
    ["what was tried before goes each epoch, and takes nothing with it", 4, 8, [poor(5, 7), waiting(7)], [5]],
    ["not twice in an epoch", 4, 8, [poor(5, 8), waiting(7)], []],
    ["an old one that was tried before lets the others wait", 4, 9, [poor(5, 8), waiting(8)], [5]],
    ["what did not pay its gas waits for the next transaction", 4, 8, [dear(5, 6), waiting(7)], []],
    ["and goes with it", 4, 8, [dear(5, 6), waiting(5), waiting(6), waiting(7)], [5, 5, 6, 7]],
    ["or in the last epoch", 4, 9, [dear(5, 6), waiting(8)], [5]],
    ["what stands in a batch is not taken again", 4, 8, [waiting(5, { batch: 3 })], []],
  ];
  for (const [rule, late, head, open, due, more] of table)
    it(rule, () => {
      const chosen = dueStatements({
        open,
        moment: at(head, late),
        epochsPerTransaction: 3,
        isLeaving: false,
        hasUnwritten: false,
        isShort: () => false,
        ...more,
      });
      assert.deepEqual(
        chosen.map(({ epoch }) => epoch),
        due,
      );
    });
});

describe("which receipts pay their gas", () => {
  /** A unit of the asset for a unit of gas. */
  const units = (gas: bigint) => gas;
  const alone = GAS.transaction + GAS.batch + GAS.project;
  const many = (count: number, net: bigint, epoch = 5) =>
    Array.from({ length: count }, (_, i) => ({ projectId: BigInt(i + 100), epoch, net }));
  const one = (net: bigint, epoch = 5, projectId = 1n) => ({ projectId, epoch, net });
  const kept = (receipts: ReturnType<typeof one>[]) =>
    payingReceipts(receipts, units).map(({ projectId, epoch }) => [projectId, epoch]);

  const table: [rule: string, receipts: ReturnType<typeof one>[], paying: [bigint, number][] | number][] = [
    ["one that pays all of a transaction does", [one(alone)], 1],
    ["one that pays a unit less does not", [one(alone - 1n)], 0],
    ["with many others it bears its share alone", [...many(99, alone), one(GAS.project + 2_000n)], 100],
    ["and no less than that", [...many(99, alone), one(GAS.project)], 99],
    ["small ones of three epochs pay together", [5, 6, 7].map((epoch) => one(92_300n, epoch)), 3],
    ["which one of them alone would not", [one(92_300n)], 0],
    ["one that adds more gas than it brings stays out of them", [one(alone), one(1_000n, 6)], [[1n, 5]]],
    ["many that live by each other leave together", many(50, GAS.project), 0],
    ["the one of an epoch bears its batch", [...many(99, alone), one(GAS.project + 10_000n, 6)], 99],
  ];
  for (const [rule, receipts, paying] of table)
    it(rule, () =>
      typeof paying === "number"
        ? assert.equal(kept(receipts).length, paying)
        : assert.deepEqual(kept(receipts), paying),
    );

  it("whoever says that gas costs nothing hands in everything", () => {
    const receipts = [one(0n), one(1n, 6)];
    assert.deepEqual(
      payingReceipts(receipts, () => 0n),
      receipts,
    );
  });
});

describe("which receipts go out in one transaction", () => {
  const of = (projects: number, ...epochs: number[]) =>
    epochs.flatMap((epoch) =>
      Array.from({ length: projects }, (_, i) => ({ projectId: BigInt(i + 1), epoch })),
    );
  const shape = (receipts: ReturnType<typeof of>) =>
    planTransactions(receipts).map((batches) => batches.map((batch) => [batch.epoch, batch.receipts.length]));

  it("none, where there are none", () => assert.deepEqual(planTransactions([]), []));
  it("three epochs of the same projects", () =>
    assert.deepEqual(shape(of(200, 7, 5, 6)), [
      [
        [5, 200],
        [6, 200],
        [7, 200],
      ],
    ]));
  it("of more projects, as few equal parts as fit a block, each project's epochs in one of them", () => {
    const planned = planTransactions(of(401, 5, 6));
    assert.deepEqual(
      planned.map((batches) => batches.map((batch) => [batch.epoch, batch.receipts.length])),
      [134, 134, 133].map((count) => [
        [5, count],
        [6, count],
      ]),
    );
    const placeOf = new Map<bigint, number>();
    for (const [i, batches] of planned.entries())
      for (const { projectId } of batches.flatMap(({ receipts }) => receipts)) {
        assert.equal(placeOf.get(projectId) ?? i, i, `project ${projectId}`);
        placeOf.set(projectId, i);
      }
  });
  it("what is left of earlier epochs takes no full epoch's place", () =>
    assert.deepEqual(shape([...of(1, 4), ...of(3, 5, 6, 7)]), [
      [
        [5, 3],
        [6, 3],
        [7, 3],
      ],
      [[4, 1]],
    ]));
  it("receipts stand in the order of their projects", () => {
    const [[batch] = []] = planTransactions([...of(5, 5)].reverse());
    assert.deepEqual(
      batch?.receipts.map(({ projectId }) => projectId),
      [1n, 2n, 3n, 4n, 5n],
    );
  });
});
