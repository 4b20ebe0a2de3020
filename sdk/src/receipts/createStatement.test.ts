import assert from "node:assert/strict";
import fc from "fast-check";
import { keccak256, toHex } from "viem";
import { throwsCode } from "../testing/throwsCode.ts";
import { createStatement } from "./createStatement.ts";
import { parseStatement } from "./parseStatement.ts";
import { receiptOf } from "./receiptOf.ts";
import { statementDigest } from "./statementDigest.ts";
import { statementText } from "./statementText.ts";

const names = {
  chainId: 31337,
  settlement: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
  projectId: 7n,
  nodeId: 2,
  epoch: 10,
} as const;
const MIB = 1n << 20n;
const stored = { storage: { byteSeconds: 3n * 1800n * MIB, seconds: 1_800 }, epochSeconds: 3_600 } as const;
const noon = Date.UTC(2026, 10, 1, 12);
const minute = { requests: 1n, cpuMs: 2n, egressBytes: 1_000n };

describe("usage statements", () => {
  it("add up minutes, leave out empty ones, and stand in order", () => {
    const statement = createStatement({
      ...names,
      ...stored,
      minutes: [
        { unixMs: noon + 61_000, ...minute },
        { unixMs: noon + 5_000, ...minute },
        { unixMs: noon + 59_999, ...minute },
        { unixMs: noon + 120_000, requests: 0n, cpuMs: 0n, egressBytes: 0n },
      ],
    });
    assert.deepEqual(statement, {
      protocol: 2,
      ...names,
      projectId: "7",
      totals: { requests: "3", cpuMs: "6", egressKiB: "2", storedMiB: "1" },
      storage: { byteSeconds: "5662310400", seconds: 1_800, epochSeconds: 3_600 },
      minutes: [
        { minute: "2026-11-01T12:00:00Z", requests: "2", cpuMs: "4", egressBytes: "2000" },
        { minute: "2026-11-01T12:01:00Z", requests: "1", cpuMs: "2", egressBytes: "1000" },
      ],
    });
    assert.deepEqual(receiptOf(statement), {
      projectId: 7n,
      requests: 3n,
      cpuMs: 6n,
      egressKiB: 2n,
      storedMiB: 1n,
    });
  });

  it("egress is summed over the epoch, then rounded down once", () => {
    const minutes = Array.from({ length: 10 }, (_, i) => ({
      ...minute,
      unixMs: noon + i * 60_000,
      egressBytes: 1_023n,
    }));
    assert.equal(createStatement({ ...names, ...stored, minutes }).totals.egressKiB, "9");
  });

  it("what was stored is averaged over the whole epoch, then rounded down once", () => {
    const of = (byteSeconds: bigint) =>
      createStatement({
        ...names,
        minutes: [],
        storage: { byteSeconds, seconds: 1 },
        epochSeconds: 3_600,
      }).totals.storedMiB;
    assert.deepEqual(
      [of(0n), of(3_600n * MIB - 1n), of(3_600n * MIB), of(7_199n * MIB)],
      ["0", "0", "1", "1"],
    );
  });

  it("one statement is one text: RFC 8785, whatever the order of its keys", () => {
    const statement = createStatement({ ...names, ...stored, minutes: [{ unixMs: noon, ...minute }] });
    const shuffled = Object.fromEntries(Object.entries(statement).reverse()) as typeof statement;
    assert.equal(
      statementText(statement),
      '{"chainId":31337,"epoch":10,"minutes":[{"cpuMs":"2","egressBytes":"1000","minute":"2026-11-01T12:00:00Z","requests":"1"}],"nodeId":2,"projectId":"7","protocol":2,"settlement":"0x5FC8d32690cc91D4c39d9d3abcBD16989F875707","storage":{"byteSeconds":"5662310400","epochSeconds":3600,"seconds":1800},"totals":{"cpuMs":"2","egressKiB":"0","requests":"1","storedMiB":"1"}}',
    );
    assert.equal(statementText(shuffled), statementText(statement));
    assert.equal(statementDigest(statement), keccak256(toHex(statementText(statement))));
  });

  it("whatever was metered makes a valid statement, also after a way as JSON", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            unixMs: fc.integer({ min: noon, max: noon + 3_600_000 }),
            requests: fc.bigInt({ min: 0n, max: 1_000_000n }),
            cpuMs: fc.bigInt({ min: 0n, max: 1_000_000n }),
            egressBytes: fc.bigInt({ min: 0n, max: 1n << 50n }),
          }),
        ),
        (minutes) => {
          const statement = createStatement({ ...names, ...stored, minutes });
          assert.deepEqual(parseStatement(JSON.parse(statementText(statement))), statement);
        },
      ),
    ));

  const statement = createStatement({ ...names, ...stored, minutes: [{ unixMs: noon, ...minute }] });
  const bad: [rule: string, change: object, field: string][] = [
    [
      "totals that are not the minutes' sums",
      { totals: { ...statement.totals, requests: "2" } },
      "totals.requests",
    ],
    ["a minute twice", { minutes: [...statement.minutes, ...statement.minutes] }, "minutes.1.minute"],
    ["an unknown field", { extra: 1 }, "it"],
    ["a number where a decimal string stands", { projectId: 7 }, "projectId"],
    ["a leading zero", { projectId: "07" }, "projectId"],
    ["more than 64 bits", { projectId: "18446744073709551616" }, "projectId"],
    ["another shape's version", { protocol: 1 }, "protocol"],
    [
      "more stored than storage gives",
      { totals: { ...statement.totals, storedMiB: "2" } },
      "totals.storedMiB",
    ],
    [
      "more seconds than the epoch has",
      { storage: { ...statement.storage, seconds: 3_601 } },
      "storage.seconds",
    ],
    ["bytes of no second", { storage: { ...statement.storage, seconds: 0 } }, "storage.byteSeconds"],
    ["an address with a wrong checksum", { settlement: names.settlement.replace("C", "c") }, "settlement"],
    [
      "a time that begins no minute",
      { minutes: [{ ...statement.minutes[0], minute: "2026-11-01T12:00:30Z" }] },
      "minutes.0.minute",
    ],
  ];
  for (const [rule, change, field] of bad) {
    it(`refuses ${rule}`, () => {
      const error = throwsCode(() => parseStatement({ ...statement, ...change }), "STATEMENT_INVALID");
      assert.match(error.message, new RegExp(field.replaceAll(".", "\\.")));
    });
  }
});
