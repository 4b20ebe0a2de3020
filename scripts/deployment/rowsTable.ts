import type { Row } from "./row.ts";

/** Rows for people: columns as wide as they have to be, and the sum at the end. */
export function rowsTable(rows: readonly Row[]): string {
  const lines = [
    ["what", "expected", "found", "ok"],
    ...rows.map(({ what, expected, found, ok }) => [what, expected, found, ok ? "yes" : "NO"]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((cells) => (cells[column] ?? "").length)));
  const texts = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${texts.join("\n")}\n\n${summary(rows)}\n`;
}

function summary(rows: readonly Row[]): string {
  const wrong = rows.filter(({ ok }) => !ok);
  if (wrong.length === 0) return `${rows.length} checks: all as declared`;
  const differ = `${wrong.length} ${wrong.length === 1 ? "differs" : "differ"}`;
  return [`${rows.length} checks, ${differ}:`, ...wrong.map((line) => `  ${lineOf(line)}`)].join("\n");
}

function lineOf({ what, expected, found }: Row): string {
  return `${what}: ${found}, expected ${expected}`;
}
