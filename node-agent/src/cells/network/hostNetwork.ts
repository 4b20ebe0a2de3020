import type { CellNetwork } from "./CellNetwork.ts";

/** The machine's own network: workerd alone keeps cells to public addresses. */
export function hostNetwork(notes: readonly string[] = []): CellNetwork {
  return { kind: "workerd", wrap: (command) => command, notes, close: async () => {} };
}
