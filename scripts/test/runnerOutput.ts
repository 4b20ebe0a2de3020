/** What a step came to. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** What was printed of the failures; empty where nothing failed. */
  readonly report: string;
}

/** Characters of a step's failures that are printed again at the end. */
const maxReport = 8_000;

/**
 * Counts the tests of a step by what Mocha or Hardhat printed. A command that counts none is one test; one that fails
 * without a failing test (a crash, a time-out) is a failure too. Pure.
 *
 * @param parameters.ok - Whether the exit code was 0.
 */
export function outcomeOf(parameters: {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}): Outcome {
  const { name, ok, seconds, output } = parameters;
  const passed = count(output, /^\s*(\d+) passing/gm);
  const failed = count(output, /^\s*(\d+) failing/gm);
  const report = ok ? "" : failuresOf(output);
  if (passed + failed === 0) return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds, report };
  return { name, passed, failed: ok ? failed : Math.max(failed, 1), seconds, report };
}

/** From the count of failures on, behind which runners tell of each; of a command that counts none, its last lines. */
function failuresOf(output: string): string {
  const start = output.search(/^\s*\d+ failing/m);
  return (start < 0 ? output.slice(-maxReport) : output.slice(start, start + maxReport)).trim();
}

function count(output: string, pattern: RegExp): number {
  return [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}

/**
 * The end of a run: what failed once more, a line for each step, and the line `N passed, N failed`. `.ci/run` looks for
 * that line and for the blocks from `=== failed: NAME` to `=== end`.
 *
 * @param seconds - What the whole run took.
 */
export function closingText(outcomes: readonly Outcome[], seconds: number): string {
  const failures = outcomes
    .filter(({ report }) => report !== "")
    .map(({ name, report }) => `\n=== failed: ${name}\n${report}\n=== end\n`);
  const width = Math.max(0, ...outcomes.map(({ name }) => name.length));
  const rows = outcomes.map((outcome) => outcomeLine(outcome, width));
  const sum = (key: "passed" | "failed") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return [
    ...failures,
    "",
    ...rows,
    "",
    `in ${Math.round(seconds)} s`,
    `${sum("passed")} passed, ${sum("failed")} failed`,
    "",
  ].join("\n");
}

/** A step on one line; its name is padded to `width`. */
export function outcomeLine({ name, passed, failed, seconds }: Outcome, width = 0): string {
  const mark = failed === 0 ? "ok  " : "FAIL";
  return `${mark}  ${name.padEnd(width)}  ${passed} passed, ${failed} failed  ${Math.round(seconds)} s`;
}
