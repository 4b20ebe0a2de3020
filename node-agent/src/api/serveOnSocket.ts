import { chmod, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Worker3Error } from "@worker3/sdk";
import type { Hono } from "hono";

/**
 * No byte in either direction for so long ends a connection. At the other end is the edge, which cuts visitors who send or take
 * nothing, and knows better: of one who takes slowly the kernel's buffers may hold what it takes for minutes.
 */
const IDLE_TIMEOUT_MS = 15 * 60_000;
/** More than the edge lets through with what it adds: signatures that come with a wallet are long. */
const MAX_HEAD_BYTES = 40 * 1_024;
/** A whole request, an upload among them, may take so long. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** How long requests may finish when the server is closed. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Linux: 108 bytes with the zero at the end. */
const MAX_PATH_BYTES = 107;

/** A unix socket cannot be listened on. `value` is its path. */
export class SocketError extends Worker3Error {}

export interface SocketServer {
  readonly path: string;
  /** Takes nothing new, lets requests finish for a while, then ends them. The socket's file goes. */
  close(): Promise<void>;
}

/**
 * Serves an app on a unix socket. A file that an ended process left at the path is replaced.
 *
 * @param mode - permissions of the socket's file, such as 0o600.
 * @throws {SocketError} `SOCKET_PATH_TOO_LONG`, `SOCKET_IN_USE`, `SOCKET_UNUSABLE`.
 */
export async function serveOnSocket(app: Hono, path: string, mode: number): Promise<SocketServer> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new SocketError({
      code: "SOCKET_PATH_TOO_LONG",
      message: `the path of a unix socket has at most ${MAX_PATH_BYTES} bytes`,
      value: path,
      next: "use a state folder with a shorter path",
    });
  }
  await removeStale(path);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: 10_000, maxHeaderSize: MAX_HEAD_BYTES },
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  server.setTimeout(IDLE_TIMEOUT_MS);
  try {
    await listen(server, path);
    await chmod(path, mode);
  } catch (cause) {
    server.close();
    throw unusable(path, cause);
  }
  return { path, close: () => close(server) };
}

/** Removes the socket of a process that is gone; nobody answers there. */
async function removeStale(path: string): Promise<void> {
  const errno = await new Promise<string | undefined>((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "UNKNOWN"));
  });
  if (errno === "ENOENT") return;
  if (errno === "ECONNREFUSED") return rm(path, { force: true });
  if (errno !== undefined) throw unusable(path, new Error(errno));
  throw new SocketError({
    code: "SOCKET_IN_USE",
    message: "another process listens on the socket",
    value: path,
    next: "stop the other agent of this state folder",
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function unusable(path: string, cause: unknown): SocketError {
  return new SocketError({
    code: "SOCKET_UNUSABLE",
    message: `the unix socket cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    value: path,
    next: "check that its folder is there and may be written",
    cause,
  });
}
