import { CellError } from "../CellError.ts";
import { bareSandbox } from "./bareSandbox.ts";
import { findProgram } from "./findProgram.ts";
import { pdeathsigSandbox } from "./pdeathsigSandbox.ts";
import type { Sandbox, SandboxKind, Wrap } from "./Sandbox.ts";
import { tryBwrap } from "./tryBwrap.ts";
import { tryCommand } from "./tryCommand.ts";

export const PROBE_TIMEOUT_MS = 10_000;

export interface SandboxPlace {
  /** Path of the program. */
  readonly workerd: string;
  /** Where processes start: the cells' network namespace. */
  readonly wrap?: Wrap | undefined;
  /** The resolver's configuration that cells get; default: the machine's. */
  readonly resolvConf?: string | undefined;
}

export interface SandboxChoice {
  readonly sandbox: Sandbox;
  /** Why no better one was taken. */
  readonly notes: readonly string[];
}

/** One that runs, or why none does. */
export type Attempt = SandboxChoice | { readonly problem: string };

/**
 * Finds the best sandbox that really runs workerd here: bwrap, else a death signal, else nothing.
 *
 * @param options.only - takes this one or fails.
 * @throws {CellError} `SANDBOX_UNAVAILABLE`: the one that was asked for does not run; `CELL_START_FAILED`: workerd does
 *   not run at all.
 */
export async function chooseSandbox(
  options: SandboxPlace & { only?: SandboxKind | undefined },
): Promise<SandboxChoice> {
  const { only, ...place } = options;
  const notes: string[] = [];
  for (const kind of ["bwrap", "pdeathsig"] as const) {
    if (only !== undefined && only !== kind) continue;
    const attempt = kind === "bwrap" ? await tryBwrap(place) : await tryPdeathsig(place);
    if ("sandbox" in attempt) return { sandbox: attempt.sandbox, notes: [...notes, ...attempt.notes] };
    if (only !== undefined) throw unavailable(kind, attempt.problem);
    notes.push(`${attempt.problem}: ${LOSS[kind]}`);
  }
  const sandbox = bareSandbox(place);
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

async function tryPdeathsig(place: SandboxPlace): Promise<Attempt> {
  const setpriv = await findProgram("setpriv");
  if (setpriv === undefined) return { problem: "setpriv is not installed" };
  const sandbox = pdeathsigSandbox({ ...place, setpriv });
  const problem = await tryCommand(sandbox.command(["--version"]), { timeoutMs: PROBE_TIMEOUT_MS });
  return problem === undefined
    ? { sandbox, notes: [] }
    : { problem: `setpriv does not work here (${problem})` };
}

function unavailable(kind: SandboxKind, problem: string): CellError {
  return new CellError({
    code: "SANDBOX_UNAVAILABLE",
    message: `the sandbox does not run on this machine: ${problem}`,
    value: kind,
    next: kind === "bwrap" ? "apt-get install bubblewrap" : "apt-get install util-linux",
  });
}
