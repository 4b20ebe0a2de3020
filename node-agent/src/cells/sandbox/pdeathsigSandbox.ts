import type { Sandbox } from "./Sandbox.ts";

/** No sandbox, but the kernel kills the process when the thread of the agent that started it ends. */
export function pdeathsigSandbox(programs: { readonly setpriv: string; readonly workerd: string }): Sandbox {
  return {
    kind: "pdeathsig",
    reportsPid: false,
    inside: (files) => files,
    command: (args) => ({
      file: programs.setpriv,
      args: ["--pdeathsig", "KILL", "--no-new-privs", "--", programs.workerd, ...args],
    }),
  };
}
