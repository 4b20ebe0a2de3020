import type { Enforces } from "./CellRunner.ts";
import type { SandboxChoice } from "./sandbox/chooseSandbox.ts";

/** What is told of a sandbox to whoever asks what this node holds cells to. */
export function enforcesOf({ sandbox, notes }: SandboxChoice): Enforces {
  return {
    sandbox: sandbox.kind === "bwrap",
    bound: sandbox.kind,
    memory: "none",
    cpu: "none",
    network: "workerd",
    notes: [
      ...notes,
      "memory and CPU time of cells are measured but not limited",
      "cells share this machine's network: only workerd's own rule keeps them to public addresses",
    ],
  };
}
