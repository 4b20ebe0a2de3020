import { CellError } from "./CellError.ts";
import type { Enforces } from "./CellRunner.ts";
import { missingMinimum } from "./missingMinimum.ts";

/** What an operator agreed to do without. */
export interface Allowances {
  readonly allowHostNetwork: boolean;
  readonly allowUnsandboxed: boolean;
}

/**
 * Lets a node start that holds strangers' code to the minimum, a sandbox and a network of its own, or whose operator
 * said to do without.
 *
 * @throws {CellError} `BELOW_MINIMUM`.
 */
export function requireMinimum(enforces: Enforces, { allowHostNetwork, allowUnsandboxed }: Allowances): void {
  const missing = missingMinimum(enforces).filter((what) =>
    what === "sandbox" ? !allowUnsandboxed : !allowHostNetwork,
  );
  if (missing.length === 0) return;
  const flags = missing.map((what) => (what === "sandbox" ? "--allow-unsandboxed" : "--allow-host-network"));
  throw new CellError({
    code: "BELOW_MINIMUM",
    message: `this machine does not hold strangers' code to the minimum: ${missing.map((what) => WORDS[what]).join(", and ")} (${enforces.notes.join("; ")})`,
    value: missing.join(", "),
    next: `worker3 node doctor says how to get it; to serve all the same: worker3 node start ${flags.join(" ")}`,
  });
}

const WORDS = {
  sandbox: "cells are in no sandbox",
  network: "cells have no network of their own",
} as const;
