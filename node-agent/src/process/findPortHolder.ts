import { readdir, readFile, readlink } from "node:fs/promises";

const LISTENING = "0A";

/**
 * The process that listens on a TCP port of this machine (Linux; from /proc).
 *
 * @returns undefined where nobody does, or the process is another user's.
 */
export async function findPortHolder(port: number): Promise<number | undefined> {
  const sockets = new Set([
    ...(await listeningSockets("/proc/net/tcp", port)),
    ...(await listeningSockets("/proc/net/tcp6", port)),
  ]);
  if (sockets.size === 0) return undefined;
  for (const entry of await list("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    for (const file of await list(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      if (sockets.has(target)) return pid;
    }
  }
  return undefined;
}

/** The sockets in the form of a link in /proc/<pid>/fd. */
async function listeningSockets(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, "utf8").catch(() => "");
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${hexPort}`))
    .map((columns) => `socket:[${columns[9]}]`);
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
