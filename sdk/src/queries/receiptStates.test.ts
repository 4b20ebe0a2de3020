import assert from "node:assert/strict";
import { type ReceiptFacts, receiptState, type UsageState } from "./receiptStates.ts";

const times = { genesis: 0, epochSeconds: 20, late: 3, dispute: 3, decide: 5, creditThaw: 5, stakeThaw: 14 };
const facts: ReceiptFacts = { epoch: 10, now: 11, status: "Untouched", guilty: false, bucket: 5n };

describe("receiptState", () => {
  const rows: [Partial<ReceiptFacts>, UsageState][] = [
    [{}, "pending"],
    [{ now: 16 }, "pending"],
    [{ now: 17 }, "claimable"],
    [{ now: 17, bucket: 0n }, "claimed"],
    [{ status: "Released", now: 17, bucket: 0n }, "released"],
    [{ status: "Disputed", now: 20 }, "disputed"],
    [{ status: "Settled", guilty: true }, "refunded"],
    [{ status: "Settled", guilty: false }, "claimable"],
  ];
  for (const [given, expected] of rows) {
    it(`${JSON.stringify(given, (_, v) => (typeof v === "bigint" ? String(v) : v))} is ${expected}`, () => {
      assert.equal(receiptState(times, { ...facts, ...given }), expected);
    });
  }
});
