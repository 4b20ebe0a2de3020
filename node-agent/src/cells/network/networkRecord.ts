import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { signalProcess } from "../../process/processIdentity.ts";
import type { RunTool } from "./runTool.ts";

const recordSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("netns"),
    bootId: z.string(),
    /** Of the namespace. */
    name: z.string().regex(/^w3-\d+-[0-9a-f]{6}$/),
    interface: z.string().regex(/^w3h[0-9a-f]{6}$/),
    table: z.string().regex(/^w3_\d+_[0-9a-f]{6}$/),
  }),
  z.object({
    kind: z.literal("pasta"),
    bootId: z.string(),
    processes: z.array(z.object({ pid: z.int().min(2), startTime: z.string(), bootId: z.string() })),
  }),
]);

/** What of a node's network has to be removed when it is not needed any more. */
export type NetworkRecord = z.output<typeof recordSchema>;

/** Writes it down; before a namespace is made, so that none is forgotten. */
export async function writeNetworkRecord(path: string, record: NetworkRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(record), { mode: 0o600 });
}

/** Removes what a record names, and the record. What others made is not touched. Never rejects. */
export async function removeNetwork(path: string, run: RunTool): Promise<void> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(path, "utf8")));
    // What was made before the machine started is gone.
    if (record.bootId === bootId()) {
      if (record.kind === "netns") {
        await run("nft", ["delete", "table", "inet", record.table]).catch(() => undefined);
        await run("ip", ["link", "delete", record.interface]).catch(() => undefined);
        await run("ip", ["netns", "delete", record.name]).catch(() => undefined);
      } else {
        for (const process of record.processes) signalProcess(process, "SIGKILL");
      }
    }
  } catch {
    // No record, or none that says what is ours.
  }
  await rm(path, { force: true }).catch(() => undefined);
}

export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
