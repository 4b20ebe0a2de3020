import assert from "node:assert/strict";
import { contentTable } from "./contentTable.ts";
import { type Ledger, openLedger } from "./openLedger.ts";

describe("contentTable", () => {
  let ledger: Ledger;
  beforeEach(() => {
    ledger = openLedger(":memory:");
  });
  afterEach(() => ledger.close());

  const row = {
    cid: "bafya",
    carBytes: 100,
    bytes: 40,
    files: 2,
    storedMs: 1_700_000_000_000,
    projectId: 7n,
    unwantedMs: undefined,
  };
  const block = (byte: number, offset: number) => ({ block: Uint8Array.of(1, byte), offset, length: 10 });

  it("keeps a folder and where its blocks lie", () => {
    const table = contentTable(ledger);
    table.insert(row, [block(1, 59), block(2, 69)]);
    assert.deepEqual(table.find("bafya"), row);
    assert.deepEqual(table.findBlock(Uint8Array.of(1, 2)), { cid: "bafya", offset: 69, length: 10 });
    assert.equal(table.find("bafyb"), undefined);
    assert.equal(table.findBlock(Uint8Array.of(1, 3)), undefined);
  });

  it("keeps since when nothing wants a folder, until something does", () => {
    const table = contentTable(ledger);
    table.insert(row, []);
    table.setUnwanted("bafya", 5);
    assert.equal(table.find("bafya")?.unwantedMs, 5);
    table.setUnwanted("bafya", undefined);
    assert.deepEqual(table.list(), [row]);
  });

  it("what is uploaded again is as new, and that project's", () => {
    const table = contentTable(ledger);
    table.insert(row, []);
    table.setUnwanted("bafya", 5);
    table.touch("bafya", 1_800_000_000_000, 8n);
    assert.deepEqual(table.list(), [{ ...row, storedMs: 1_800_000_000_000, projectId: 8n }]);
  });

  it("a block that two folders share stays until both are gone", () => {
    const table = contentTable(ledger);
    table.insert(row, [block(1, 59)]);
    table.insert({ ...row, cid: "bafyb", projectId: undefined }, [block(1, 70)]);
    assert.deepEqual(
      table.list().map(({ cid, projectId }) => [cid, projectId]),
      [
        ["bafya", 7n],
        ["bafyb", undefined],
      ],
    );
    assert.equal(table.delete("bafya"), true);
    assert.equal(table.findBlock(Uint8Array.of(1, 1))?.cid, "bafyb");
    assert.equal(table.delete("bafyb"), true);
    assert.equal(table.findBlock(Uint8Array.of(1, 1)), undefined);
    assert.equal(table.delete("bafyb"), false);
  });

  it("a folder whose blocks cannot be kept is not kept", () => {
    const table = contentTable(ledger);
    assert.throws(() => table.insert(row, [block(1, 59), block(1, 69)]));
    assert.deepEqual(table.list(), []);
  });
});
