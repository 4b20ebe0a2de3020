import assert from "node:assert/strict";
import { parseAnswers, unanswered } from "./findings.ts";

const finding = (place: string, file = "contracts/A.sol") => ({
  tool: "forge lint",
  check: "unsafe-typecast",
  file,
  place,
});
const table = `| tool | finding | where | answer |
| --- | --- | --- | --- |
| forge lint | \`unsafe-typecast\` | \`A\` x2, \`types/B\` x1 | all are epochs |
| Slither | \`timestamp\` | \`A\` x1 |  |
`;

describe("Answers to what tools find", () => {
  it("are rows with a count and a reason; an empty reason is none", () => {
    const row = { tool: "forge lint", check: "unsafe-typecast", answer: "all are epochs" };
    assert.deepEqual(parseAnswers(table), [
      { ...row, file: "contracts/A.sol", count: 2 },
      { ...row, file: "contracts/types/B.sol", count: 1 },
    ]);
  });

  it("cover so many findings of a kind in a file: one more asks for another look", () => {
    const answers = parseAnswers(table);
    const three = [
      finding("4: uint32(a)"),
      finding("9: uint24(b)"),
      finding("1: uint8(x)", "contracts/types/B.sol"),
    ];
    assert.deepEqual(unanswered(three, answers), []);
    assert.deepEqual(unanswered([...three, finding("11: uint8(c)")], answers), [
      "forge lint: unsafe-typecast in contracts/A.sol: 3 found, 2 answered in docs/static-analysis.md",
      "    4: uint32(a)",
      "    9: uint24(b)",
      "    11: uint8(c)",
    ]);
  });

  it("go with what they answered", () => {
    assert.deepEqual(unanswered([finding("1: uint8(x)", "contracts/types/B.sol")], parseAnswers(table)), [
      "forge lint: unsafe-typecast in contracts/A.sol: 0 found, 2 answered in docs/static-analysis.md",
    ]);
  });
});
