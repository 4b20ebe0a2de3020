import { type BwrapOptions, bwrapSandbox } from "./bwrapSandbox.ts";
import { type Attempt, PROBE_TIMEOUT_MS, type SandboxPlace } from "./chooseSandbox.ts";
import { findProgram } from "./findProgram.ts";
import { seccompFilter } from "./seccomp/seccompFilter.ts";
import { tryCommand } from "./tryCommand.ts";

/** What others need to read a file that the agent makes. */
const READABLE = 0o005;

/** Tries bwrap by running workerd in it: as strict as it may be, then less so. */
export async function tryBwrap(place: SandboxPlace): Promise<Attempt> {
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
