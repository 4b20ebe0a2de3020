import assert from "node:assert/strict";
import { UNNAMED_LIFETIME_MS, unnamedToDrop } from "./dropUnnamed.ts";

describe("unnamedToDrop", () => {
  const nowMs = 1_700_000_000_000;
  const row = (cid: string, ageMs: number, projectId?: bigint) => ({
    cid,
    carBytes: 1,
    bytes: 1,
    files: 1,
    storedMs: nowMs - ageMs,
    projectId,
  });
  const isNamed = (cid: string) => cid.startsWith("named");
  const drop = (...rows: ReturnType<typeof row>[]) => unnamedToDrop({ rows, isNamed, nowMs, finalMs: nowMs });

  it("an upload that no version names is dropped after an hour, and not before", () => {
    assert.deepEqual(drop(row("a", UNNAMED_LIFETIME_MS, 1n), row("b", UNNAMED_LIFETIME_MS - 1, 1n)), ["a"]);
  });

  it("an upload stays as long as no final block is as old as it has to be, whatever the clock says", () => {
    const rows = [row("a", 365 * 24 * 60 * 60_000, 1n), row("b", UNNAMED_LIFETIME_MS, 1n)];
    const finalMs = nowMs - 1_000;
    assert.deepEqual(unnamedToDrop({ rows, isNamed, nowMs, finalMs }), ["a"]);
    assert.deepEqual(unnamedToDrop({ rows, isNamed, nowMs, finalMs: 0 }), []);
    assert.deepEqual(unnamedToDrop({ rows, isNamed, nowMs: nowMs - 1_000, finalMs: nowMs }), ["a"]);
  });

  it("what a version names stays, and so does what was fetched", () => {
    assert.deepEqual(
      drop(row("named", 2 * UNNAMED_LIFETIME_MS, 1n), row("fetched", 2 * UNNAMED_LIFETIME_MS)),
      [],
    );
  });
});
