import type { Row } from "../bench/table.ts";

/** A figure a line, so that a pull request shows what changed. */
export function formatFigures(heading: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ value }) => String(value).length));
  const lines = rows.map(({ what, value }) => `${String(value).padStart(width)}  ${what}`);
  return [`# ${heading}`, ...lines, ""].join("\n");
}

/** The figures of a file by their names. Throws at a line that is none. */
export function parseFigures(text: string): Map<string, number> {
  const figures = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [, value, what] = /^ *(\d+) {2}(.+)$/.exec(line) ?? [];
    if (value === undefined || what === undefined)
      throw new Error(`"${line}" is no figure: npm run snapshot writes them.`);
    figures.set(what, Number(value));
  }
  return figures;
}

/** What differs: `name  before -> after  percent`, a line each; empty where nothing does. */
export function compareFigures(before: Map<string, number>, after: Map<string, number>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    const change = `${was ?? "new"} -> ${is ?? "gone"}`;
    return `${name.padEnd(width)}  ${change}${was === undefined || is === undefined ? "" : `  ${percent(was, is)}`}`;
  });
}

const percent = (was: number, is: number): string => {
  const change = ((is - was) / was) * 100;
  return `${change > 0 ? "+" : ""}${change.toFixed(2)} %`;
};

/** The rows that are more than they may be. */
export function aboveGoal(rows: readonly Row[]): string[] {
  return rows
    .filter(({ value, goal }) => goal !== undefined && value > goal)
    .map(({ what, value, unit, goal }) => `${what}: ${value} ${unit}, and at most ${goal} are allowed`);
}
