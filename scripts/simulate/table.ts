import type { Comparison } from "./compareStrategy.ts";

const HEADS = [
  "strategy",
  "who cheats",
  "cheater",
  "honest twin",
  "gain",
  "±",
  "ratio",
  "victims lose",
  "verdict",
];

/** The results as a table: amounts in USD an epoch. */
export function tableOf(results: readonly Comparison[], asMarkdown: boolean): string {
  const rows = [HEADS, ...results.map(rowOf)];
  if (asMarkdown) {
    const [head, ...body] = rows.map((cells) => `| ${cells.join(" | ")} |`);
    return [head, "| --- | --- | --: | --: | --: | --: | --: | --: | --- |", ...body].join("\n");
  }
  const widths = HEADS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rowOf(result: Comparison): string[] {
  const { name, population, cheaterUsdPerEpoch, honestUsdPerEpoch, gainUsdPerEpoch, verdict } = result;
  // A ratio to nothing, or to a loss, says nothing.
  const ratio = honestUsdPerEpoch > 0.01 ? (cheaterUsdPerEpoch / honestUsdPerEpoch).toFixed(2) : "–";
  return [
    name,
    population,
    money(cheaterUsdPerEpoch),
    money(honestUsdPerEpoch),
    money(gainUsdPerEpoch),
    money(result.standardErrorUsd),
    ratio,
    money(result.victimsLossUsdPerEpoch),
    verdict,
  ];
}

function money(amountUsd: number): string {
  const text = amountUsd.toFixed(3);
  return text === "-0.000" ? "0.000" : text;
}

function isNumber(column: number): boolean {
  return column >= 2 && column <= 7;
}
