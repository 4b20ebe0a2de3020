/** How often an action of the scenario went well, and how often the contracts refused it. */
export interface ActionCount {
  action: string;
  succeeded: number;
  refused: number;
}

/** Adds up the lines that `afterInvariant` wrote, one a run: `action=succeeded/refused` for each action. */
export function sumActions(log: string): { runs: number; counts: ActionCount[] } {
  const lines = log.split("\n").filter((line) => line !== "");
  const counts = new Map<string, ActionCount>();
  for (const [, action = "", succeeded, refused] of log.matchAll(/(\w+)=(\d+)\/(\d+)/g)) {
    const count = counts.get(action) ?? { action, succeeded: 0, refused: 0 };
    count.succeeded += Number(succeeded);
    count.refused += Number(refused);
    counts.set(action, count);
  }
  return { runs: lines.length, counts: [...counts.values()] };
}

/** The counts as text, an action a line, with their sums. */
export function actionsTable(counts: readonly ActionCount[]): string {
  const sum = (key: "succeeded" | "refused") => counts.reduce((total, count) => total + count[key], 0);
  const rows = [...counts, { action: "all", succeeded: sum("succeeded"), refused: sum("refused") }];
  const row = (action: string, succeeded: string, refused: string) =>
    `${action.padEnd(26)} ${succeeded.padStart(10)} ${refused.padStart(10)}`;
  return [
    row("action", "succeeded", "refused"),
    ...rows.map(({ action, succeeded, refused }) => row(action, String(succeeded), String(refused))),
  ].join("\n");
}
