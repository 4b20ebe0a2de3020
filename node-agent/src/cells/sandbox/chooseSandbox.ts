import { CellError } from "../CellError.ts";
import { bareSandbox } from "./bareSandbox.ts";
import { type BwrapOptions, bwrapSandbox } from "./bwrapSandbox.ts";
import { findProgram } from "./findProgram.ts";
import { pdeathsigSandbox } from "./pdeathsigSandbox.ts";
import type { Sandbox, SandboxKind, Wrap } from "./Sandbox.ts";
import { seccompFilter } from "./seccomp/seccompFilter.ts";
import { tryCommand } from "./tryCommand.ts";

const PROBE_TIMEOUT_MS = 10_000;
/** What others need to read a file that the agent makes. */
const READABLE = 0o005;

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
type Attempt = SandboxChoice | { readonly problem: string };

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

/** Tries bwrap by running workerd in it: as strict as it may be, then less so. */
async function tryBwrap(place: SandboxPlace): Promise<Attempt> {
  const bwrap = await findProgram("bwrap");
  if (bwrap === undefined) return { problem: "bwrap is not installed" };
  const { arch } = process;
  const filter = arch === "x64" || arch === "arm64" ? seccompFilter(arch) : undefined;
  const options = { ...place, bwrap, filter };
  const variants: { readonly how: BwrapOptions; readonly loss: string }[] = [
    { how: options, loss: "cells may make every system call" },
    { how: { ...options, filter: undefined }, loss: "" },
  ];
  const setpriv = await findProgram("setpriv");
  // Root alone may become somebody else, and nobody has to be able to read the content then.
  if (process.getuid?.() === 0 && setpriv !== undefined && (process.umask() & READABLE) === 0) {
    const loss = "cells are root outside of their user namespace, though without its rights";
    variants.unshift({ how: { ...options, setpriv }, loss });
  }

  const notes: string[] = [];
  let problem = "";
  for (const { how, loss } of variants) {
    const sandbox = bwrapSandbox(how);
    const trouble = await tryCommand(sandbox.command(["--version"]), { timeoutMs: PROBE_TIMEOUT_MS });
    if (trouble === undefined) return { sandbox, notes };
    problem = `bwrap does not work here (${trouble})`;
    notes.push(`${problem}: ${loss}`);
  }
  return { problem };
}

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
