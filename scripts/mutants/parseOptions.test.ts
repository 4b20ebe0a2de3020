import assert from "node:assert/strict";
import { parseOptions } from "./parseOptions.ts";

const parse = (line: string) => parseOptions(line === "" ? [] : line.split(" "), ["a", "b", "c"]);

describe("the options of the mutants", () => {
  it("ask for all of them, one after the other, where none is given", () => {
    assert.deepEqual({ ...parse("") }, { help: false, list: false, json: false, only: [], jobs: 1 });
  });

  it("are taken as given", () => {
    const given = parse("--only c --only a --jobs 2 --json --list");
    assert.deepEqual({ ...given }, { help: false, list: true, json: true, only: ["c", "a"], jobs: 2 });
  });

  for (const [line, value] of [
    ["--only d", "d"],
    ["--jobs 0", "0"],
    ["--jobs 17", "17"],
    ["--jobs two", "two"],
    ["--jobs=-1", "-1"],
    ["--all", "--all"],
    ["a", "a"],
  ] as const) {
    it(`refuse ${line}`, () => {
      assert.throws(() => parse(line), { code: "USAGE", value });
    });
  }
});
