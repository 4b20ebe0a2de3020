import { readFileSync } from "node:fs";

/**
 * Resident memory of a process that is its own, which its end would free, in bytes; 0 where there is no such process.
 * Pages of files, such as workerd's code, all cells share. Source: proc(5), `RssAnon` and `RssShmem` are in KiB.
 */
export function readPrivateBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, anonymous = "0"] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
    const [, shared = "0"] = /^RssShmem:\s+(\d+) kB$/m.exec(status) ?? [];
    return (Number(anonymous) + Number(shared)) * 1024;
  } catch {
    return 0;
  }
}
