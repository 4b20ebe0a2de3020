import assert from "node:assert/strict";
import { branchProblems, parseReasons, readLines } from "./report.ts";

const outcome = (text: string, seen: boolean) => ({ tag: "", line: 7, text, outcome: "true" as const, seen });

describe("The report of coverage", () => {
  it("reads which lines of which file were executed", () => {
    const lcov =
      "TN:\nSF:a.sol\nDA:1,4\nDA:2,0\nLH:1\nLF:2\nend_of_record\nSF:b.sol\nDA:9,1\nend_of_record\n";
    assert.deepEqual(
      [...readLines(lcov)],
      [
        [
          "a.sol",
          [
            { line: 1, executed: true },
            { line: 2, executed: false },
          ],
        ],
        ["b.sol", [{ line: 9, executed: true }]],
      ],
    );
  });

  it("asks for a reason where an outcome is not seen, and takes one that is about it", () => {
    const files = [{ file: "a.sol", lines: [], outcomes: [outcome("x || y", false), outcome("z", true)] }];
    assert.deepEqual(branchProblems(files, []), [
      "a.sol:7 `x || y` was never true: test it, or say why not in docs/coverage.md",
    ]);
    const reasons = parseReasons(
      "| file | branch | never | why |\n| `a.sol` | `x \\|\\| y` | true | it cannot be |\n",
    );
    assert.equal(reasons.length, 1);
    assert.deepEqual(branchProblems(files, reasons), []);
  });

  it("does not keep a reason for what is seen", () => {
    const files = [{ file: "a.sol", lines: [], outcomes: [outcome("z", true)] }];
    assert.deepEqual(
      branchProblems(files, [{ file: "a.sol", text: "z", outcome: "true", reason: "never" }]),
      ["docs/coverage.md explains why `z` of a.sol is never true, but it is: delete the row"],
    );
  });
});
