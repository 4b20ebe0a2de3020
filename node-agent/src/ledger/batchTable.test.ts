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
    table.leaveOut({ projectId: 2n, epoch: 5 }, 6, "TooLittleCredit");
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

  it("batches that go out together have one reference, and one that goes alone has its own", () => {
    const table = open();
    const ids = [table.addBatch(batch(5, 1n)), table.addBatch(batch(6)), table.addBatch(batch(7))];
    assert.equal(table.share(ids.slice(0, 2)), "submit:1+2");
    const sent = () => table.openBatches().map(({ reference, isShared }) => [reference, isShared]);
    assert.deepEqual(sent(), [
      ["submit:1+2", true],
      ["submit:1+2", true],
      ["submit:3", false],
    ]);
    table.unshare(2);
    assert.deepEqual(sent()[1], ["submit:2", false]);
  });

  it("counts what waits and what is lost, and how much of both for its gas", () => {
    const table = open();
    for (const projectId of [1n, 2n]) table.leaveOut({ projectId, epoch: 5 }, 6, "Gas");
    assert.deepEqual(table.counts(), { open: 3, openForGas: 2, lost: 0, lostForGas: 0 });
    table.endStatement({ projectId: 1n, epoch: 5 }, "lost");
    table.endStatement({ projectId: 3n, epoch: 5 }, "lost");
    assert.deepEqual(table.counts(), { open: 1, openForGas: 1, lost: 2, lostForGas: 1 });
    table.addBatch(batch(5, 2n));
    assert.equal(table.counts().openForGas, 0, "it is on its way");
  });

  it("the id of a batch that was pruned is not used again", () => {
    const table = open();
    const id = table.addBatch(batch(5, 1n));
    table.prune(6);
    assert.deepEqual([table.openStatements(), table.openBatches()], [[], []]);
    assert.ok(table.addBatch(batch(6)) > id);
  });
});
