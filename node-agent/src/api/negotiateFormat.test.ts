import assert from "node:assert/strict";
import { ApiError } from "./ApiError.ts";
import { negotiateFormat } from "./negotiateFormat.ts";

const CAR = "application/vnd.ipld.car";
const RAW = "application/vnd.ipld.raw";

function outcome(query: string, accept: string | undefined): string {
  try {
    return negotiateFormat(new URLSearchParams(query), accept);
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return error.code;
  }
}

describe("negotiateFormat", () => {
  const cases: [query: string, accept: string | undefined, expected: string][] = [
    ["format=car", undefined, "car"],
    ["format=raw", undefined, "raw"],
    ["format=raw", CAR, "raw"],
    ["format=car", "text/html", "car"],
    ["format=car&dag-scope=all&car-version=1&car-order=dfs&car-dups=n", undefined, "car"],
    ["format=car&car-order=unk", undefined, "car"],
    ["", CAR, "car"],
    ["", RAW, "raw"],
    ["", `${CAR}; version=1; order=dfs; dups=n`, "car"],
    ["", `${CAR};version=1;order="dfs";dups=n;q=0.5, ${RAW}`, "raw"],
    ["", `${RAW};q=0.1, ${CAR.toUpperCase()};q=0.9`, "car"],
    ["", `${CAR};dups=y, ${CAR};order=dfs;dups=n;q=0.5`, "car"],
    ["", `text/html, ${RAW};q=0, ${CAR}`, "car"],
    ["", undefined, "FORMAT_MISSING"],
    ["", "*/*", "FORMAT_MISSING"],
    ["", "text/html,*/*;q=0.8", "NOT_ACCEPTABLE"],
    ["", `${CAR};dups=y`, "NOT_ACCEPTABLE"],
    ["", `${CAR};version=2`, "NOT_ACCEPTABLE"],
    ["format=dag-json", CAR, "NOT_ACCEPTABLE"],
    ["format=ipns-record", undefined, "NOT_ACCEPTABLE"],
    ["format=toString", "constructor", "NOT_ACCEPTABLE"],
    ["format=car&dag-scope=entity", undefined, "BAD_REQUEST"],
    ["format=car&entity-bytes=0:9", undefined, "BAD_REQUEST"],
    ["format=car&car-dups=y", undefined, "BAD_REQUEST"],
    ["dag-scope=block", CAR, "BAD_REQUEST"],
  ];
  for (const [query, accept, expected] of cases) {
    it(`?${query} with Accept: ${accept ?? "(none)"} gives ${expected}`, () => {
      assert.equal(outcome(query, accept), expected);
    });
  }
});
