import Table from "cli-table3";

/** Columns for a person, without colours and frames: what a terminal shows, `grep` and `awk` read. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const none = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "", left: "", right: "", middle: "  " };
  const edges = { top: "", "top-mid": "", "top-left": "", "top-right": "" };
  const bottoms = { bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" };
  const made = new Table({
    head: [...head],
    chars: { ...none, ...edges, ...bottoms },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  made.push(...rows.map((row) => row.map(String)));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
