import assert from "node:assert/strict";
import { countLine, outcomeTable } from "./outcomeTable.ts";

const caught = {
  name: "fee-twice",
  rule: "once",
  seconds: 12.4,
  caughtBy: { file: "test/contracts/a.test.ts", title: "A takes its fee once" },
};
const survived = { name: "late", rule: "in time", seconds: 99.6 };
const invalid = {
  name: "typo",
  rule: "compiles",
  seconds: 3,
  invalid: "ParserError: Expected ;\n  --> A.sol",
};

describe("the table of mutants", () => {
  it("shows which test caught each, and ends with the counts", () => {
    assert.equal(
      outcomeTable([caught, survived, invalid]),
      [
        "mutant     caught by                                        seconds",
        "fee-twice  test/contracts/a.test.ts > A takes its fee once       12",
        "late       SURVIVED                                             100",
        "typo       INVALID: ParserError: Expected ;                       3",
        "",
        "1 invalid, 1 caught, 1 survived",
        "",
      ].join("\n"),
    );
  });

  it("counts nothing as caught that was not tried", () => {
    assert.equal(countLine([caught, survived]), "1 caught, 1 survived");
    assert.equal(countLine([invalid]), "1 invalid, 0 caught, 0 survived");
    assert.equal(countLine([]), "0 caught, 0 survived");
  });
});
