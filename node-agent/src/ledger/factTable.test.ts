import assert from "node:assert/strict";
import { type FactRow, type FactTable, factTable } from "./factTable.ts";
import { type Ledger, openLedger } from "./openLedger.ts";

describe("the table of facts", () => {
  let ledger: Ledger;
  let table: FactTable;
  beforeEach(() => {
    ledger = openLedger(":memory:");
    table = factTable(ledger);
  });
  afterEach(() => ledger.close());

  const row = (id: number, topic: string, key: string, block: number, logIndex = 0): FactRow => ({
    scope: "project",
    id: BigInt(id),
    topic,
    key,
    block: BigInt(block),
    logIndex,
    tx: "0x",
    args: JSON.stringify({ block }),
  });
  const placesOf = (rows: Iterable<Omit<FactRow, "tx">>) =>
    [...rows].map(({ id, topic, key, block }) => [id, topic, key, block].join(" "));

  it("has everything that was said of a thing, in the chain's order", () => {
    table.insert([row(7, "b", "", 5), row(7, "a", "", 9), row(7, "a", "", 3), row(8, "a", "", 4)]);
    assert.deepEqual(placesOf(table.history({ scope: "project", id: 7n })), ["7 a  3", "7 b  5", "7 a  9"]);
    assert.deepEqual(placesOf(table.history({ scope: "project", id: 7n }, "a")), ["7 a  3", "7 a  9"]);
  });

  it("tells a key from another that begins alike", () => {
    table.insert([
      row(7, "a", "1 x", 1),
      row(7, "a", "10 x", 2),
      row(7, "a", "1 y", 3),
      row(7, "b", "1 x", 4),
    ]);
    const of = { scope: "project", id: 7n, topic: "a" } as const;
    assert.deepEqual(placesOf(table.withPrefix(of, "1 ")), ["7 a 1 x 1", "7 a 1 y 3"]);
    assert.deepEqual(placesOf([table.newest({ ...of, key: "1 x" }) ?? row(0, "", "", 0)]), ["7 a 1 x 1"]);
    assert.equal(table.newest({ ...of, key: "2 x" }), undefined);
  });

  it("gives of some topics the newest row of each key", () => {
    table.insert([row(7, "a", "1", 1), row(7, "a", "1", 2), row(7, "a", "1", 2, 1), row(7, "a", "2", 1)]);
    table.insert([row(7, "b", "1", 9), row(7, "c", "1", 9), row(8, "a", "2", 1), row(8, "a", "2", 5)]);
    const held = [...table.holding("project", ["a", "b"])];
    assert.deepEqual(placesOf(held), ["7 a 1 2", "7 a 2 1", "7 b 1 9", "8 a 2 5"]);
    assert.equal(held[0]?.logIndex, 1);
    assert.deepEqual([...table.holding("project", ["d"])], []);
  });

  it("deletes what stands above a block, and names the keys that this was about", () => {
    table.insert([row(7, "a", "1", 1), row(7, "a", "1", 5), row(7, "a", "2", 6), row(7, "a", "2", 7)]);
    table.insert([row(8, "a", "", 4)]);
    const keys = table.rollback(4n).map(({ id, key }) => `${id} ${key}`);
    assert.deepEqual(keys.sort(), ["7 1", "7 2"]);
    assert.deepEqual(placesOf(table.holding("project", ["a"])), ["7 a 1 1", "8 a  4"]);
    assert.deepEqual(table.rollback(4n), []);
  });
});
