import assert from "node:assert/strict";
import { TEST_SIZE, testSize } from "./testSize.ts";

describe("testSize", () => {
  const before = process.env[TEST_SIZE];
  afterEach(() => {
    if (before === undefined) delete process.env[TEST_SIZE];
    else process.env[TEST_SIZE] = before;
  });
  const kills = () => testSize({ short: 4, whole: 20 });

  it("is short unless it is told to be whole", () => {
    delete process.env[TEST_SIZE];
    assert.equal(kills(), 4);
    process.env[TEST_SIZE] = "short";
    assert.equal(kills(), 4);
    process.env[TEST_SIZE] = "whole";
    assert.equal(kills(), 20);
  });

  it("refuses anything else", () => {
    process.env[TEST_SIZE] = "all";
    assert.throws(kills, /WORKER3_TESTS is "short" or "whole", not "all"/);
  });
});
