import { readFile } from "node:fs/promises";
import { parseResolvers } from "./parseResolvers.ts";

/** systemd-resolved is asked on loopback by the machine; the second file names whom it asks. */
const FILES = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

/** Resolvers that cells can ask, as the machine is set up; at most three, which is what the C library takes. */
export async function findResolvers(): Promise<readonly string[]> {
  for (const file of FILES) {
    const found = parseResolvers(await readFile(file, "utf8").catch(() => ""));
    if (found.length > 0) return found.slice(0, 3);
  }
  return [];
}
