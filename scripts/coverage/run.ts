/**
 * `npm run coverage`: the contract tests with probes in the contracts. Fails where a test does, where a line was never
 * executed, and where an outcome of a branch was never seen and `docs/coverage.md` gives no reason for it.
 * Hardhat's HTML report is in `coverage/html`.
 */
import { spawn } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "./addBranchProbes.ts";
import { OUTCOMES_FILE } from "./branchCoverage.ts";
import { branchProblems, type FileCoverage, parseReasons, readLines } from "./report.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "coverage");

await rm(folder, { recursive: true, force: true });
const status = await runTests();
const files = await collect();

console.table(
  files.map(({ file, lines, outcomes }) => ({
    file,
    lines: share(lines.length, lines.filter(({ executed }) => executed).length),
    "outcomes of branches": share(outcomes.length, outcomes.filter(({ seen }) => seen).length),
  })),
);
const lines = files.flatMap((file) => file.lines);
const outcomes = files.flatMap((file) => file.outcomes);
const executed = lines.filter((line) => line.executed).length;
const seen = outcomes.filter((outcome) => outcome.seen).length;
console.log(`lines: ${share(lines.length, executed)}`);
console.log(`outcomes of branches: ${share(outcomes.length, seen)}`);

const problems = files.flatMap(({ file, lines }) =>
  lines.filter((line) => !line.executed).map(({ line }) => `${file}:${line} was never executed`),
);
problems.push(...branchProblems(files, parseReasons(await readFile(join(root, "docs/coverage.md"), "utf8"))));
if (status !== 0) problems.push("tests failed: see above");
if (lines.length === 0) problems.push("nothing was measured");
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function runTests(): Promise<number> {
  const config = "scripts/coverage/hardhat.config.ts";
  const child = spawn("hardhat", ["--config", config, "test", "mocha", "--coverage"], {
    cwd: root,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function collect(): Promise<FileCoverage[]> {
  const hits = new Set<string>();
  const data = join(folder, "data/mocha");
  for (const name of await readdir(data)) {
    for (const tag of Object.keys(JSON.parse(await readFile(join(data, name), "utf8")))) hits.add(tag);
  }
  const byFile: Record<string, Outcome[]> = JSON.parse(await readFile(join(folder, OUTCOMES_FILE), "utf8"));
  return [...readLines(await readFile(join(folder, "lcov.info"), "utf8"))]
    .map(([file, lines]) => ({
      file,
      lines,
      outcomes: (byFile[file] ?? []).map((outcome) => ({ ...outcome, seen: hits.has(outcome.tag) })),
    }))
    .sort((a, b) => a.file.localeCompare(b.file));
}

function share(all: number, some: number): string {
  return `${some} of ${all}${all === 0 ? "" : ` (${((some / all) * 100).toFixed(2)} %)`}`;
}
