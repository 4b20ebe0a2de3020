import assert from "node:assert/strict";
import fc from "fast-check";
import { throwsCode } from "../testing/throwsCode.ts";
import { regionCode } from "./regionCode.ts";
import { regionMask } from "./regionMask.ts";
import { regionNumber } from "./regionNumber.ts";
import { ALL_REGIONS, REGIONS, type Region } from "./regions.ts";
import { regionsOf } from "./regionsOf.ts";

describe("regions", () => {
  it("are numbered as on chain", () => {
    const codes = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
    codes.forEach((code, number) => {
      assert.equal(regionNumber(code), number);
      assert.equal(regionCode(number), code);
    });
  });

  it("a mask holds a set of them", () =>
    fc.assert(
      fc.property(fc.subarray([...REGIONS]), (codes) =>
        assert.deepEqual(regionsOf(regionMask(codes)), codes),
      ),
    ));

  it("all nine are 0x1ff", () => assert.equal(regionMask(REGIONS), ALL_REGIONS));

  it("refuses codes, numbers and bits that are none", () => {
    assert.match(String(throwsCode(() => regionNumber("eu" as Region), "UNKNOWN_REGION").next), /weur/);
    throwsCode(() => regionCode(9), "UNKNOWN_REGION");
    for (const mask of [512, -1, 0.5]) throwsCode(() => regionsOf(mask), "REGION_MASK_OUT_OF_RANGE");
  });
});
