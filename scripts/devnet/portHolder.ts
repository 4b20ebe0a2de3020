import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type ProcessInfo, readProcess } from "./readProcess.ts";

const LISTENING = "0A";

/** The process that listens on a TCP port of this machine; undefined if nobody does, or one that we may not look at. */
export function portHolder(port: number): ProcessInfo | undefined {
  const sockets = new Set([...listeners("/proc/net/tcp", port), ...listeners("/proc/net/tcp6", port)]);
  if (sockets.size === 0) return undefined;
  for (const pid of list("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!list(`/proc/${pid}/fd`).some((fd) => sockets.has(target(`/proc/${pid}/fd/${fd}`)))) continue;
    return readProcess(Number(pid));
  }
  return undefined;
}

/** Listening sockets as `/proc/<pid>/fd` names them. Source: proc_net_tcp(5). */
function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return read(table)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => local.endsWith(suffix) && state === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
}

// Processes end, and belong to others, while they are looked at.
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
