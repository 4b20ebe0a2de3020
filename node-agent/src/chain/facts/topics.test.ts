import assert from "node:assert/strict";
import { throwsCode } from "@worker3/sdk/testing";
import { type FactRow, factTable } from "../../ledger/factTable.ts";
import { openLedger } from "../../ledger/openLedger.ts";
import { bookBlocks, openTables } from "../testing/bookBlocks.ts";
import { EARLIER_FACTS } from "../testing/earlierFacts.ts";
import { history } from "../testing/history.ts";
import { entryOf, rowOf } from "./topics.ts";

describe("the topics of the ledger", () => {
  function allRows(ledger: ReturnType<typeof openLedger>): (Omit<FactRow, "args"> & { args: unknown })[] {
    const table = factTable(ledger);
    const things = ledger.database.prepare("SELECT DISTINCT scope, id FROM facts ORDER BY scope, id").all();
    return things.flatMap((thing) => {
      const { scope, id } = thing as unknown as { scope: FactRow["scope"]; id: number };
      const rows = table.history({ scope, id: BigInt(id) });
      return rows.map((row) => ({ ...row, tx: "", args: JSON.parse(row.args) as unknown }));
    });
  }
  function earlier() {
    const ledger = openLedger(":memory:");
    ledger.database.exec(EARLIER_FACTS);
    return ledger;
  }

  it("are written as agents always wrote them", () => {
    const ledger = openLedger(":memory:");
    bookBlocks(openTables(ledger), history());
    assert.deepEqual(allRows(ledger), allRows(earlier()));
  });

  it("give back what was written, to the last digit", () => {
    const rows = allRows(earlier()).map((row) => ({ ...row, args: JSON.stringify(row.args) }));
    const topics = new Set(rows.map(({ topic }) => topic));
    assert.equal(topics.size, 20, "a topic is not in the history");
    for (const row of rows) {
      const again = rowOf(entryOf(row), row);
      assert.deepEqual({ ...again, args: JSON.parse(again.args) }, { ...row, args: JSON.parse(row.args) });
    }
    const batch = rows.map(entryOf).find((entry) => entry.topic === "batch");
    assert.ok(batch?.topic === "batch");
    assert.equal(batch.value.lines[0]?.egressKiB, 2n ** 53n + 1n);
  });

  it("a row that no agent wrote is refused by name, not taken for something else", () => {
    const row: FactRow = {
      scope: "project",
      id: 7n,
      topic: "terms",
      key: "9",
      block: 5n,
      logIndex: 2,
      tx: "0x",
      args: '{"fromEpoch":9,"cap":1000000,"nodeIds":[1]}',
    };
    assert.match(String(throwsCode(() => entryOf(row), "FACT_UNREADABLE").value), /terms 7 9/);
    throwsCode(() => entryOf({ ...row, topic: "weather" }), "FACT_UNREADABLE");
    throwsCode(() => entryOf({ ...row, args: '{"fromEpoch":9,"cap":"1","nodeIds":"1"}' }), "FACT_UNREADABLE");
    throwsCode(() => entryOf({ ...row, args: "{" }), "FACT_UNREADABLE");
  });
});
