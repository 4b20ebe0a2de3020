import type { Enforces } from "./CellRunner.ts";

/** What a node has to have before it serves strangers. */
export type Minimum = "sandbox" | "network";

/** What of the minimum a node lacks. Pure. */
export function missingMinimum({ sandbox, network }: Pick<Enforces, "sandbox" | "network">): Minimum[] {
  return [
    ...(sandbox ? [] : (["sandbox"] as const)),
    ...(network === "workerd" ? (["network"] as const) : []),
  ];
}
