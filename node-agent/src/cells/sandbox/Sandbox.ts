/** How a process is confined, and what ends it when the agent dies. */
export type SandboxKind = "bwrap" | "pdeathsig" | "none";

/** Paths of a cell on this machine. All absolute. */
export interface CellFiles {
  /** The deployment folder; read only. */
  readonly folder: string;
  /** The configuration; read only. */
  readonly config: string;
  /** Where the process makes its sockets. */
  readonly sockets: string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** File descriptors of a sandboxed process besides its output. */
export const CONTROL_FD = 3;
export const INFO_FD = 4;

/** A way to run workerd. */
export interface Sandbox {
  readonly kind: SandboxKind;
  /** The same files as the process in the sandbox sees them. */
  inside(files: CellFiles): CellFiles;
  /** Runs workerd with arguments, which name files as they are inside. The environment is empty but for `TZ`. */
  command(args: readonly string[], files?: CellFiles): Command;
  /** Whether workerd is a child of the spawned process, whose pid comes as JSON (`child-pid`) on `INFO_FD`. */
  readonly reportsPid: boolean;
}
