import assert from "node:assert/strict";
import { openLedger } from "./openLedger.ts";
import { outboxTable, type SignedTransaction } from "./outboxTable.ts";

const to = "0x00000000000000000000000000000000000000aa";
const sender = "0x00000000000000000000000000000000000000bb";
const call = (reference: string) => ({ reference, to, data: "0x1234" }) as const;
const signed = (nonce: number, hash: `0x${string}`): SignedTransaction => ({
  sender,
  nonce,
  gas: 21_000n,
  feePerGas: 2n ** 60n,
  tipPerGas: 1n,
  raw: "0xff",
  hash,
  sentMs: 5,
});

describe("the table of the outbox", () => {
  function open() {
    const ledger = openLedger(":memory:");
    return { ledger, table: outboxTable(ledger) };
  }

  it("joins the transaction around it", () => {
    const { ledger, table } = open();
    assert.throws(() =>
      ledger.transaction(() => {
        table.add(call("submit:1"), 1);
        throw new Error("no");
      }),
    );
    assert.equal(table.find("submit:1"), undefined);
  });

  it("gives back what was stored, to the unit", () => {
    const { table } = open();
    assert.deepEqual([table.add(call("submit:1"), 1), table.add(call("submit:1"), 2)], [true, false]);
    table.sign(1, signed(3, "0x0a"));
    table.mine(1, { hash: "0x0a", block: 9n, blockHash: "0x0b" }, 7);
    assert.deepEqual(table.find("submit:1"), {
      id: 1,
      ...call("submit:1"),
      state: "mined",
      signed: signed(3, "0x0a"),
      mined: { hash: "0x0a", block: 9n, blockHash: "0x0b" },
      error: undefined,
      changedMs: 7,
    });
    table.unmine(1, 8);
    assert.deepEqual([table.find("submit:1")?.state, table.find("submit:1")?.mined], ["sent", undefined]);
  });

  it("lists by state and by what a reference begins with, in the order of arrival", () => {
    const { table } = open();
    for (const reference of ["b:1", "a:1", "b:2", "b%"]) table.add(call(reference), 1);
    table.sign(3, signed(3, "0x0a"));
    table.finish(2, 9);
    const names = (rows: { reference: string }[]) => rows.map(({ reference }) => reference);
    assert.deepEqual(names(table.list(["sent", "queued"])), ["b:1", "b:2", "b%"]);
    assert.deepEqual(names(table.withPrefix("b:")), ["b:1", "b:2"]);
  });

  it("nonces of what was signed are known until it failed, and by whom", () => {
    const { table } = open();
    assert.deepEqual(table.noncesOf(sender), []);
    for (const [i, nonce] of [4, 6, 5].entries()) {
      table.add(call(String(nonce)), 1);
      table.sign(i + 1, signed(nonce, `0x0${nonce}`));
    }
    table.finish(2, 9);
    table.fail(3, { code: "NO", message: "no" }, 9);
    const known = table.noncesOf(sender).sort((a, b) => a.nonce - b.nonce);
    assert.deepEqual(known, [
      { nonce: 4, state: "sent" },
      { nonce: 6, state: "final" },
    ]);
    assert.deepEqual(table.noncesOf(to), []);
  });

  it("what was never seen mined is looked for also when it was put back", () => {
    const { table } = open();
    table.add(call("a"), 1);
    table.sign(1, signed(3, "0x0a"));
    for (const code of ["TX_NONCE", "NONCE_GAP"]) {
      table.fail(1, { code, message: "no" }, 3);
      table.requeue(call("a"), 4);
      assert.deepEqual(table.hashesOf(1), ["0x0a"]);
    }
    table.mine(1, { hash: "0x0a", block: 9n, blockHash: "0x0b" }, 7);
    table.unmine(1, 8);
    assert.equal(table.find("a")?.state, "queued", "nothing is signed that could be sent");
  });

  it("what failed comes back without its past, and only what failed", () => {
    const { table } = open();
    table.add(call("a"), 1);
    assert.equal(table.requeue(call("a"), 2), false);
    table.sign(1, signed(3, "0x0a"));
    table.sign(1, signed(3, "0x09"));
    assert.deepEqual(table.hashesOf(1), ["0x0a", "0x09"]);
    table.fail(1, { code: "NO", message: "no" }, 3);
    assert.deepEqual(table.find("a")?.error, { code: "NO", message: "no" });
    assert.equal(table.requeue({ ...call("a"), data: "0x56" }, 4), true);
    const { state, data, signed: past, error } = table.find("a") ?? {};
    assert.deepEqual(
      [state, data, past, error, table.hashesOf(1)],
      ["queued", "0x56", undefined, undefined, []],
    );
  });

  it("forgets what ended before, and nothing that is on its way", () => {
    const { table } = open();
    for (const reference of ["old", "new", "waits"]) table.add(call(reference), 1);
    table.sign(1, signed(3, "0x0a"));
    table.finish(1, 10);
    table.fail(2, { code: "NO", message: "no" }, 11);
    table.prune(11);
    assert.deepEqual(
      ["old", "new", "waits"].map((reference) => table.find(reference)?.state),
      [undefined, "failed", "queued"],
    );
    assert.deepEqual(table.hashesOf(1), []);
  });
});
