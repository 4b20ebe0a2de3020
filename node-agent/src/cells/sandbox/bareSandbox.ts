import type { Sandbox, Wrap } from "./Sandbox.ts";

/** No sandbox at all: the process outlives an agent that is killed, until the next one starts. */
export function bareSandbox(options: {
  readonly workerd: string;
  readonly wrap?: Wrap | undefined;
}): Sandbox {
  const { workerd, wrap = (command) => command } = options;
  return {
    kind: "none",
    seccomp: false,
    reportsPid: false,
    hasInit: false,
    inside: (files) => files,
    command: (args) => wrap({ file: workerd, args }),
  };
}
