import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { CONTROL_FD, type Command, INFO_FD } from "../sandbox/Sandbox.ts";
import { spawnCommand } from "../sandbox/spawnCommand.ts";

/** How the spawned process ended. Both null: it could not be spawned. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: Error;
}

export interface Launched {
  /** workerd's own pid, or its init's; undefined where it never came to be. */
  readonly pid: Promise<number | undefined>;
  /** Settles when all sockets accept connections: true; or when they never will: false. */
  readonly listening: Promise<boolean>;
  /** When it and whoever it started are gone. Never rejects. */
  readonly exit: Promise<Exit>;
  /** Where it reads its configuration from; absent where that is a file. */
  readonly input: Writable | undefined;
  /** Kills it at once, whether or not its pid is known. */
  kill(): void;
}

export interface LaunchOptions {
  readonly command: Command;
  /** See `Sandbox`. */
  readonly reportsPid: boolean;
  readonly hasInit: boolean;
  /** Open for appending; the caller closes it. */
  readonly logFd: number;
  /** Whether it reads its configuration from its input. */
  readonly takesInput?: boolean;
  /** How many sockets the configuration has. */
  readonly sockets: number;
}

/** Starts workerd. Its output goes to a file: an unread pipe would hang it. */
export function launch(options: LaunchOptions): Launched {
  const { command, reportsPid, logFd, sockets, takesInput = false } = options;
  const { child, kill } = spawnCommand(command, [
    ...([takesInput ? "pipe" : "ignore", logFd, logFd, "pipe"] as const),
    reportsPid ? "pipe" : "ignore",
    command.filter === undefined ? "ignore" : "pipe",
  ]);
  const control = readable(child, CONTROL_FD);
  return {
    pid: reportsPid ? reportedPid(readable(child, INFO_FD)) : Promise.resolve(child.pid),
    listening: control === undefined ? Promise.resolve(false) : listening(control, sockets),
    exit: exitOf(child, reportsPid),
    input: child.stdin ?? undefined,
    kill,
  };
}

function readable(child: ChildProcess, fd: number): Readable | undefined {
  const stream = child.stdio[fd];
  return stream !== null && stream !== undefined && "read" in stream ? stream : undefined;
}

/** workerd says `{"event":"listen",...}` for each socket, one a line. Afterwards nobody needs to read there. */
async function listening(control: Readable, sockets: number): Promise<boolean> {
  let said = "";
  try {
    for await (const chunk of control) {
      said += String(chunk);
      if (said.split('"event":"listen"').length > sockets && said.endsWith("\n")) return true;
    }
  } catch {
    // The end of the process tells why.
  } finally {
    control.destroy();
  }
  return false;
}

async function reportedPid(info: Readable | undefined): Promise<number | undefined> {
  if (info === undefined) return undefined;
  try {
    const document: unknown = JSON.parse(await text(info));
    if (typeof document !== "object" || document === null || !("child-pid" in document)) return undefined;
    return Number(document["child-pid"]);
  } catch {
    return undefined;
  }
}

async function exitOf(child: ChildProcess, wrapped: boolean): Promise<Exit> {
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    return wrapped ? unwrapExit(code, signal) : { code, signal };
  } catch (error) {
    return { code: null, signal: null, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** bwrap ends with 128 and the number of the signal that ended what it ran. */
function unwrapExit(code: number | null, signal: string | null): Exit {
  const name =
    code === null ? undefined : Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  return name === undefined ? { code, signal } : { code: null, signal: name[0] };
}
