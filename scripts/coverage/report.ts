import type { Outcome } from "./addBranchProbes.ts";

export interface FileCoverage {
  readonly file: string;
  readonly lines: readonly Line[];
  readonly outcomes: readonly (Outcome & { readonly seen: boolean })[];
}

export interface Line {
  readonly line: number;
  readonly executed: boolean;
}

/** Why an outcome is not seen: a row of `docs/coverage.md`. */
export interface Reason {
  readonly file: string;
  readonly text: string;
  readonly outcome: string;
  readonly reason: string;
}

/** The lines of an `lcov.info`, by file. */
export function readLines(lcov: string): Map<string, Line[]> {
  const files = new Map<string, Line[]>();
  let lines: Line[] = [];
  for (const row of lcov.split("\n")) {
    if (row.startsWith("SF:")) {
      lines = [];
      files.set(row.slice(3), lines);
    }
    const [, line, count] = /^DA:(\d+),(\d+)/.exec(row) ?? [];
    if (line !== undefined) lines.push({ line: Number(line), executed: count !== "0" });
  }
  return files;
}

/** The rows `| file | branch | outcome | reason |` of a Markdown document; branch and file in backticks. */
export function parseReasons(markdown: string): Reason[] {
  return [...markdown.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (\w+) \| (.+) \|$/gm)].map(
    ([, file = "", text = "", outcome = "", reason = ""]) => ({
      file,
      text: text.replaceAll("\\|", "|"),
      outcome,
      reason,
    }),
  );
}

/** Outcomes that no test sees and no reason explains, and reasons for what is seen or is not there. */
export function branchProblems(files: readonly FileCoverage[], reasons: readonly Reason[]): string[] {
  const problems: string[] = [];
  const used = new Set<Reason>();
  for (const { file, outcomes } of files) {
    for (const { line, text, outcome, seen } of outcomes) {
      if (seen) continue;
      const reason = reasons.find(
        (row) =>
          row.file === file && row.text === text && row.outcome === outcome && row.reason.trim() !== "",
      );
      if (reason === undefined) {
        problems.push(
          `${file}:${line} \`${text}\` was never ${outcome}: test it, or say why not in docs/coverage.md`,
        );
      } else {
        used.add(reason);
      }
    }
  }
  for (const reason of reasons) {
    if (used.has(reason)) continue;
    const { file, text, outcome } = reason;
    problems.push(
      `docs/coverage.md explains why \`${text}\` of ${file} is never ${outcome}, but it is: delete the row`,
    );
  }
  return problems;
}
