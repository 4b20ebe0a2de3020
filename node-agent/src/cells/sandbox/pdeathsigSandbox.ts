import type { Sandbox, Wrap } from "./Sandbox.ts";

export interface PdeathsigOptions {
  readonly setpriv: string;
  readonly workerd: string;
  readonly wrap?: Wrap | undefined;
}

/** No sandbox, but the kernel kills the process when the thread of the agent that started it ends. */
export function pdeathsigSandbox(options: PdeathsigOptions): Sandbox {
  const { setpriv, workerd, wrap = (command) => command } = options;
  return {
    kind: "pdeathsig",
    seccomp: false,
    reportsPid: false,
    hasInit: false,
    inside: (files) => files,
    command: (args) =>
      wrap({ file: setpriv, args: ["--pdeathsig", "KILL", "--no-new-privs", "--", workerd, ...args] }),
  };
}
