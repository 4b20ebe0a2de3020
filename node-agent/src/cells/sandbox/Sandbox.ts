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
  /** What the project keeps, where it keeps something: the only other place that the process writes to. */
  readonly state?: string;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** What the program reads on `FILTER_FD`. */
  readonly filter?: Uint8Array;
  /**
   * Whether it leads a process group of its own, by which all of it is killed; see `spawnCommand`. For what ends with the agent
   * by itself: a signal to the agent's group does not reach it.
   */
  readonly ownGroup?: boolean;
}

/** Something that runs a command in another place: a network namespace, a cgroup. */
export type Wrap = (command: Command) => Command;

/** File descriptors of a sandboxed process besides its output. */
export const CONTROL_FD = 3;
export const INFO_FD = 4;
export const FILTER_FD = 5;

/** A user of the machine. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A way to run workerd. */
export interface Sandbox {
  readonly kind: SandboxKind;
  /** Whether system calls are filtered. */
  readonly seccomp: boolean;
  /** Whom the files that the process reads and writes have to belong to; absent: the agent's own user. */
  readonly user?: User;
  /** The same files as the process in the sandbox sees them. */
  inside(files: CellFiles): CellFiles;
  /** Runs workerd with arguments, which name files as they are inside. The environment is `cellEnvironment`. */
  command(args: readonly string[], files?: CellFiles): Command;
  /** Whether a child of the spawned process, whose pid comes as JSON (`child-pid`) on `INFO_FD`, is workerd. */
  readonly reportsPid: boolean;
  /** Whether that child is an init, and workerd its only child in turn. */
  readonly hasInit: boolean;
}
