import assert from "node:assert/strict";
import { throwsCode } from "@worker3/sdk/testing";
import { parseCountReport } from "./parseCountReport.ts";

const count = { projectId: "7", epoch: 3, minuteMs: 60_000, requests: 1, egressBytes: 2 };
const report = { reporter: "edge-1", sequence: 4, closedEpoch: 2, counts: [count] };

describe("the report of an edge process", () => {
  it("is taken as it is", () => assert.deepEqual(parseCountReport(report), report));

  for (const [field, value] of [
    ["the report", undefined],
    ["reporter", { ...report, reporter: "" }],
    ["sequence", { ...report, sequence: 1.5 }],
    ["closedEpoch", { ...report, closedEpoch: undefined }],
    ["counts.0.requests", { ...report, counts: [{ ...count, requests: -1 }] }],
    ["counts.0.egressBytes", { ...report, counts: [{ ...count, egressBytes: 2 ** 60 }] }],
    ["counts.1.projectId", { ...report, counts: [count, { ...count, projectId: "0" }] }],
  ] as const)
    it(`without a good ${field} is refused`, () =>
      void assert.equal(throwsCode(() => parseCountReport(value), "REPORT_INVALID").value, field));
});
