import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { CellError } from "../CellError.ts";
import type { CellFiles } from "../sandbox/Sandbox.ts";

const CELL_ID = /^[0-9a-f]{8}$/;

/** `sun_path` holds 108 bytes with the NUL at its end. */
const MAX_SOCKET_PATH_BYTES = 107;

/** Names of a cell's sockets: one letter, as a path of a socket holds so few bytes. */
export const TENANT_SOCKET = "t";
export const CONTROL_SOCKET = "c";
/** How many that are. */
export const SOCKETS = 2;

/** A new cell's id, which is the name of its directory. */
export function newCellId(): string {
  return randomBytes(4).toString("hex");
}

export function isCellId(name: string): boolean {
  return CELL_ID.test(name);
}

/** Where a cell keeps what; `sockets` is the only directory that its process writes to. */
export function cellPaths(
  directory: string,
  id: string,
): Omit<CellFiles, "folder"> & { home: string; log: string } {
  const home = join(directory, id);
  return { home, config: join(home, "cell.capnp"), sockets: join(home, "s"), log: join(home, "log") };
}

/**
 * Checks that sockets of cells fit below a directory.
 *
 * @throws {CellError} `CELL_DIRECTORY_TOO_LONG`.
 */
export function checkDirectoryLength(directory: string): void {
  const longest = join(cellPaths(directory, "00000000").sockets, TENANT_SOCKET);
  const excess = Buffer.byteLength(longest) - MAX_SOCKET_PATH_BYTES;
  if (excess <= 0) return;
  throw new CellError({
    code: "CELL_DIRECTORY_TOO_LONG",
    message: `the path of the directory for cells is ${excess} bytes too long: a unix socket's path holds ${MAX_SOCKET_PATH_BYTES}`,
    value: directory,
    next: "choose a state directory with a shorter path",
  });
}
