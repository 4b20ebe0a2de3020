/** One measured figure. `goal` is the most that it may be; absent where none is set. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  goal?: number;
  /** What the same costs in the nearest public design, where that is measured. */
  nearest?: number | undefined;
}

export interface Result {
  bench: string;
  /** What `nearest` is; "by voucher" where absent. */
  beside?: string;
  rows: Row[];
}

/** Prints a result: one JSON document, or a table for people. */
export function print(result: Result, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(`\n${result.bench}\n`);
  const compares = result.rows.some(({ nearest }) => nearest !== undefined);
  console.table(
    result.rows.map(({ what, value, unit, goal, nearest }) => ({
      what,
      [unit]: value,
      goal: goal ?? "",
      "of goal": goal === undefined || goal === 0 ? "" : `${Math.round((value / goal) * 100)} %`,
      ...(compares ? { [result.beside ?? "by voucher"]: nearest ?? "" } : {}),
    })),
  );
}
