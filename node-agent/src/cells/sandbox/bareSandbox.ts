import type { Sandbox } from "./Sandbox.ts";

/** No sandbox at all: the process outlives an agent that is killed, until the next one starts. */
export function bareSandbox(programs: { readonly workerd: string }): Sandbox {
  return {
    kind: "none",
    reportsPid: false,
    inside: (files) => files,
    command: (args) => ({ file: programs.workerd, args }),
  };
}
