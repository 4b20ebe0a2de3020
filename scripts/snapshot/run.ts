/**
 * `npm run snapshot`: writes what the contracts cost and how they are stored into `snapshots`, where a pull request shows
 * it. `--check` writes nothing and fails where the files in git are not what was measured, or something is above its goal.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { diff } from "node:util";
import { gas } from "../bench/gas.ts";
import { contractSizes } from "../bench/support/contractSizes.ts";
import type { Row } from "../bench/table.ts";
import { aboveGoal, compareFigures, formatFigures, parseFigures } from "./figures.ts";
import { readStorageLayouts } from "./readStorageLayouts.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "snapshots");

interface Snapshot {
  readonly file: string;
  readonly text: string;
  /** What changed since `before`, a line each. */
  readonly compare: (before: string) => string[];
}

const gasRows = (await gas()).rows;
const sizeRows = await contractSizes();
const snapshots: Snapshot[] = [
  figures("gas.txt", "gas of a transaction; of `submit` per receipt", gasRows),
  figures(
    "sizes.txt",
    "bytes; at most 24576 of runtime code (EIP-170) and 49152 of creation code (EIP-3860)",
    sizeRows,
  ),
];
for (const [name, text] of await readStorageLayouts()) {
  snapshots.push({
    file: join(folder, "storage", `${name}.txt`),
    text,
    compare: (before) => compareLines(before, text),
  });
}

const problems = aboveGoal([...gasRows, ...sizeRows]);
if (process.argv.includes("--check")) {
  for (const { file, text, compare } of snapshots) {
    const before = await readFile(file, "utf8").catch(() => "");
    if (before === text) continue;
    const changes = before === "" ? ["is missing"] : compare(before);
    problems.push(`${relative(root, file)}:`, ...changes.map((change) => `  ${change}`));
  }
  if (problems.length > 0)
    problems.push("", "If that is meant to be: npm run snapshot, and commit the files.");
} else {
  for (const { file, text } of snapshots) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}

function figures(name: string, heading: string, rows: readonly Row[]): Snapshot {
  const text = formatFigures(heading, rows);
  return {
    file: join(folder, name),
    text,
    compare: (before) => {
      const changes = compareFigures(parseFigures(before), parseFigures(text));
      return changes.length > 0 ? changes : compareLines(before, text); // the heading or the order
    },
  };
}

function compareLines(before: string, after: string): string[] {
  return diff(before.split("\n"), after.split("\n"))
    .filter(([kind]) => kind !== 0)
    .map(([kind, line]) => `${kind === -1 ? "+" : "-"} ${line}`);
}
