import assert from "node:assert/strict";
import { closingText, type Outcome, outcomeOf } from "./runnerOutput.ts";

const MOCHA = `
  cells
    ✔ start
    1) end

  41 passing (3s)
  1 failing

  1) cells
       end:
     Error: it did not
`;

describe("outcomeOf", () => {
  const rows: [what: string, ok: boolean, output: string, passed: number, failed: number, report: RegExp][] =
    [
      ["counts what passed", true, "  12 passing (2s)\n", 12, 0, /^$/],
      ["adds up several runners", true, "  12 passing (2s)\n\n  3 passing\n", 15, 0, /^$/],
      ["counts what failed, and reports from there on", false, MOCHA, 41, 1, /^1 failing[\s\S]*it did not$/],
      ["takes a command without tests for one test", true, "", 1, 0, /^$/],
      ["takes a command that fails for one that failed", false, "no such file\n", 0, 1, /^no such file$/],
      ["takes a crash after tests for a failure", false, "  7 passing\nSegmentation fault\n", 7, 1, /fault$/],
    ];
  for (const [what, ok, output, passed, failed, report] of rows) {
    it(what, () => {
      const outcome = outcomeOf({ name: "it", ok, seconds: 3, output });
      assert.deepEqual([outcome.passed, outcome.failed, outcome.seconds], [passed, failed, 3]);
      assert.match(outcome.report, report);
    });
  }

  it("reports no more than can be read", () => {
    const output = `${"early\n".repeat(10_000)}the end\n`;
    const { report } = outcomeOf({ name: "it", ok: false, seconds: 1, output });
    assert.ok(report.length <= 8_000);
    assert.ok(report.endsWith("the end"));
  });
});

describe("closingText", () => {
  const outcomes: Outcome[] = [
    { name: "lint", passed: 1, failed: 0, seconds: 9.6, report: "" },
    { name: "cells", passed: 41, failed: 1, seconds: 3.2, report: "1 failing\n\n1) cells" },
  ];

  it("has what failed in a block, a line for each step, and the sum at the end", () => {
    assert.equal(
      closingText(outcomes, 13.4),
      `
=== failed: cells
1 failing

1) cells
=== end


ok    lint   1 passed, 0 failed  10 s
FAIL  cells  41 passed, 1 failed  3 s

in 13 s
42 passed, 1 failed
`,
    );
  });

  it("is what .ci/run looks for", () => {
    const text = closingText(outcomes, 13);
    assert.match(text, /^[0-9]+ passed, [0-9]+ failed$/m);
    assert.match(text, /^=== failed: [\s\S]*^=== end$/m);
  });
});
