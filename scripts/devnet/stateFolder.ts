import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DevnetError } from "./DevnetError.ts";
import { isRunning, readProcess } from "./readProcess.ts";

/** Which process uses the folder. It stays when the devnet ends, and marks the folder as one that may be emptied. */
const MARK = "devnet.pid";
/** The longest path of a unix socket on Linux: 108 bytes with a NUL behind it. */
const SOCKET_PATH_BYTES = 107;

interface Mark {
  readonly pid: number;
  readonly startTime: string;
}

/**
 * The devnet that runs on a state folder, by its pid; undefined if there is none.
 *
 * @throws {DevnetError} `STATE_NOT_OURS`, `STATE_PATH_TOO_LONG`: the folder is none that a devnet may use.
 */
export async function stateHolder(directory: string, nodes: number): Promise<number | undefined> {
  const longest = adminSocket(directory, nodes);
  if (Buffer.byteLength(longest) > SOCKET_PATH_BYTES) {
    throw new DevnetError({
      code: "STATE_PATH_TOO_LONG",
      message: `the path of a node's admin socket would exceed the system's limit of ${SOCKET_PATH_BYTES} bytes`,
      value: longest,
      next: "name a folder with a shorter path: --state DIR",
    });
  }
  const entries = await readEntries(directory);
  const mark = entries.includes(MARK) ? await readMark(join(directory, MARK)) : undefined;
  if (mark !== undefined) return isRunning(mark) ? mark.pid : undefined;
  if (entries.length === 0 || (await isReadyDocument(join(directory, "devnet.json")))) return undefined;
  throw new DevnetError({
    code: "STATE_NOT_OURS",
    message: "the state folder holds something else than a devnet, and is left as it is",
    value: directory,
    next: "name a new or an empty folder: --state DIR",
  });
}

/** Makes the folder this process's, and empties it. Ask `stateHolder` first. */
export async function claimState(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const mark: Mark = { pid: process.pid, startTime: readProcess(process.pid)?.startTime ?? "" };
  await writeFile(join(directory, MARK), `${JSON.stringify(mark)}\n`);
  for (const entry of await readdir(directory)) {
    if (entry !== MARK) await rm(join(directory, entry), { recursive: true, force: true });
  }
}

export function nodeDirectory(directory: string, nodeId: number): string {
  return join(directory, `n${nodeId}`);
}

export function adminSocket(directory: string, nodeId: number): string {
  return join(nodeDirectory(directory, nodeId), "admin.sock");
}

async function readEntries(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return [];
    throw new DevnetError({
      code: "STATE_UNREADABLE",
      message: `the state folder cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      value: directory,
      next: "name another folder: --state DIR",
      cause,
    });
  }
}

async function readMark(file: string): Promise<Mark | undefined> {
  const value = await readJson(file);
  if (typeof value !== "object" || value === null || !("pid" in value) || !("startTime" in value)) {
    return undefined;
  }
  return { pid: Number(value.pid), startTime: String(value.startTime) };
}

async function isReadyDocument(file: string): Promise<boolean> {
  const value = await readJson(file);
  return typeof value === "object" && value !== null && "event" in value && value.event === "ready";
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
