import type { DeclaredView } from "./declaredViews.ts";
import { type Row, row } from "./row.ts";

/** What a view answered, or why it did not. */
export type Answer = { readonly value: unknown } | { readonly refusal: string };

/** Compares an answer with what is declared: a row, or one for each field of a struct. */
export function compareView(view: DeclaredView, answer: Answer): Row[] {
  const { contract, functionName, argsText = "", expected } = view;
  const what = `${contract}.${functionName}(${argsText})`;
  const found = "refusal" in answer ? answer.refusal : undefined;
  if (typeof expected === "string") {
    return [row(what, expected, found ?? String("value" in answer ? answer.value : ""))];
  }
  return Object.entries(expected).map(([field, text]) =>
    row(`${what}.${field}`, text, found ?? fieldOf("value" in answer ? answer.value : undefined, field)),
  );
}

function fieldOf(value: unknown, field: string): string {
  if (typeof value !== "object" || value === null || !(field in value)) return "(no such field)";
  return String((value as Record<string, unknown>)[field]);
}
