import assert from "node:assert/strict";
import { batchTable } from "./batchTable.ts";
import { openLedger } from "./openLedger.ts";

describe("the table of batches", () => {
  const statement = (projectId: bigint, epoch: number) =>
    ({ projectId, epoch, digest: "0x01", receipt: "0x02", text: `{"p":${projectId}}` }) as const;
  const batch = (epoch: number, ...projectIds: bigint[]) =>
    ({
      epoch,
      statements: "0x03",
      receipts: "0x04",
      projectIds,
      triedEpoch: epoch + 1,
      createdMs: 1,
    }) as const;

  function open() {
    const table = batchTable(openLedger(":memory:"));
    for (const projectId of [2n, 1n, 3n]) table.addStatement(statement(projectId, 5));
    return table;
  }

  it("gives open statements in the order of their projects, with what was tried", () => {
    const table = open();
    table.setTried({ projectId: 2n, epoch: 5 }, 6);
    assert.deepEqual(
      table.openStatements().map(({ projectId, triedEpoch, batch: of }) => [projectId, triedEpoch, of]),
      [
        [1n, undefined, undefined],
        [2n, 6, undefined],
        [3n, undefined, undefined],
      ],
    );
    assert.equal(table.statementText({ projectId: 3n, epoch: 5 }), '{"p":3}');
  });

  it("a statement is written once", () => {
    assert.throws(() => open().addStatement(statement(1n, 5)));
  });

  it("closing a batch frees what was not counted of it", () => {
    const table = open();
    const id = table.addBatch(batch(5, 1n, 2n));
    table.endStatement({ projectId: 1n, epoch: 5 }, "counted");
    assert.deepEqual(
      table.openStatements().map((row) => row.batch),
      [id, undefined],
    );
    table.closeBatch(id);
    assert.deepEqual(
      table.openStatements().map((row) => row.batch),
      [undefined, undefined],
    );
    assert.deepEqual([table.openBatches().length, table.batchesOf(5).length], [0, 1]);
    assert.equal(table.statement({ projectId: 1n, epoch: 5 })?.state, "counted");
  });

  it("the id of a batch that was pruned is not used again", () => {
    const table = open();
    const id = table.addBatch(batch(5, 1n));
    table.prune(6);
    assert.deepEqual([table.openStatements(), table.openBatches()], [[], []]);
    assert.ok(table.addBatch(batch(6)) > id);
  });
});
