import { CellError } from "../CellError.ts";
import { bareSandbox } from "./bareSandbox.ts";
import { bwrapSandbox } from "./bwrapSandbox.ts";
import { findProgram } from "./findProgram.ts";
import { pdeathsigSandbox } from "./pdeathsigSandbox.ts";
import type { Sandbox, SandboxKind } from "./Sandbox.ts";
import { tryCommand } from "./tryCommand.ts";

const PROBE_TIMEOUT_MS = 10_000;

export interface SandboxChoice {
  readonly sandbox: Sandbox;
  /** Why no better one was taken. */
  readonly notes: readonly string[];
}

/**
 * Finds the best sandbox that really runs workerd here: bwrap, else a death signal, else nothing.
 *
 * @param options.only - takes this one or fails.
 * @throws {CellError} `SANDBOX_UNAVAILABLE`: the one that was asked for does not run; `CELL_START_FAILED`: workerd does
 *   not run at all.
 */
export async function chooseSandbox(options: {
  workerd: string;
  only?: SandboxKind;
}): Promise<SandboxChoice> {
  const { workerd, only } = options;
  const notes: string[] = [];
  for (const kind of ["bwrap", "pdeathsig"] as const) {
    if (only !== undefined && only !== kind) continue;
    const { sandbox, problem } = await trySandbox(kind, workerd);
    if (sandbox !== undefined) return { sandbox, notes };
    if (only !== undefined) throw unavailable(kind, problem);
    notes.push(`${problem}: ${LOSS[kind]}`);
  }
  const sandbox = bareSandbox({ workerd });
  const problem = await tryCommand(sandbox.command(["--version"]), { timeoutMs: PROBE_TIMEOUT_MS });
  if (problem === undefined) return { sandbox, notes };
  throw new CellError({
    code: "CELL_START_FAILED",
    message: "workerd does not run on this machine",
    value: problem,
    next: "worker3 node doctor",
  });
}

const LOSS = {
  bwrap: "cells are not in a sandbox and can read what the agent's user can",
  pdeathsig: "cells outlive an agent that is killed, until it starts again",
};

async function trySandbox(
  kind: "bwrap" | "pdeathsig",
  workerd: string,
): Promise<{ sandbox: Sandbox; problem?: never } | { sandbox?: never; problem: string }> {
  const name = kind === "bwrap" ? "bwrap" : "setpriv";
  const program = await findProgram(name);
  if (program === undefined) return { problem: `${name} is not installed` };
  const sandbox =
    kind === "bwrap"
      ? bwrapSandbox({ bwrap: program, workerd })
      : pdeathsigSandbox({ setpriv: program, workerd });
  const problem = await tryCommand(sandbox.command(["--version"]), { timeoutMs: PROBE_TIMEOUT_MS });
  return problem === undefined ? { sandbox } : { problem: `${name} does not work here (${problem})` };
}

function unavailable(kind: SandboxKind, problem: string): CellError {
  return new CellError({
    code: "SANDBOX_UNAVAILABLE",
    message: `the sandbox does not run on this machine: ${problem}`,
    value: kind,
    next: kind === "bwrap" ? "apt-get install bubblewrap" : "apt-get install util-linux",
  });
}
