import type { Outcome } from "./Outcome.ts";

/** The outcomes for people, and the line that says how many were caught. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = [
    ["mutant", "caught by", "seconds"],
    ...outcomes.map((outcome) => [outcome.name, verdict(outcome), outcome.seconds.toFixed(0)]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = "", caughtBy = "", seconds = ""]) =>
    [name.padEnd(widths[0] ?? 0), caughtBy.padEnd(widths[1] ?? 0), seconds.padStart(7)].join("  "),
  );
  return [...lines, "", countLine(outcomes), ""].join("\n");
}

/** `N caught, N survived`; those that could not be tried are named where there are any. */
export function countLine(outcomes: readonly Outcome[]): string {
  const caught = outcomes.filter(({ caughtBy }) => caughtBy !== undefined).length;
  const invalid = outcomes.filter((outcome) => outcome.invalid !== undefined).length;
  const survived = outcomes.length - caught - invalid;
  return `${invalid === 0 ? "" : `${invalid} invalid, `}${caught} caught, ${survived} survived`;
}

export function verdict({ caughtBy, invalid }: Outcome): string {
  if (invalid !== undefined) return `INVALID: ${invalid.split("\n")[0]}`;
  return caughtBy === undefined ? "SURVIVED" : `${caughtBy.file} > ${caughtBy.title}`;
}
