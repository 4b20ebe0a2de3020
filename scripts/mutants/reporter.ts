import { writeFileSync } from "node:fs";
import type { Runner, Test } from "mocha";
import type { MochaReport } from "./firstMochaFailure.ts";

/**
 * Mocha's reporter for the mutants: which tests failed, in a file that `MUTANTS_REPORT` names. The `json` reporter of
 * mocha stops at a failure that holds a bigint.
 */
export default class Reporter {
  constructor(runner: Runner) {
    const report: MochaReport = { passes: 0, failures: [] };
    runner.on("pass", () => {
      report.passes++;
    });
    runner.on("fail", (test: Test) => {
      report.failures.push({ title: test.fullTitle(), file: test.file ?? test.parent?.file ?? "" });
    });
    runner.on("end", () => {
      const { MUTANTS_REPORT: file } = process.env;
      if (file) writeFileSync(file, JSON.stringify(report));
    });
  }
}
