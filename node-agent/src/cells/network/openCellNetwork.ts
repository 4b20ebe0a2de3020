import { mkdir, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { isPublicAddress } from "../../peers/isPublicAddress.ts";
import type { Wrap } from "../sandbox/Sandbox.ts";
import type { CellNetwork } from "./CellNetwork.ts";
import { findResolvers } from "./findResolvers.ts";
import { hostNetwork } from "./hostNetwork.ts";
import { removeNetwork } from "./networkRecord.ts";
import { openNetns } from "./openNetns.ts";
import { openPasta } from "./openPasta.ts";
import { createRunTool } from "./runTool.ts";

export interface OpenNetworkOptions {
  readonly nodeId: number;
  /** A directory of the state folder. One agent at a time. */
  readonly directory: string;
  /** Default: as the machine's `resolv.conf` has them. */
  readonly resolvers?: readonly string[] | undefined;
  /** Public addresses of the machine; default: what its interfaces have. */
  readonly ownAddresses?: readonly string[];
  /** In which network the machine's side is set up; default: this process's. */
  readonly place?: Wrap;
  /** Whether to switch the machine's forwarding of packets on. */
  readonly enableIpForward?: boolean;
  /** Takes this one or none. */
  readonly only?: "netns" | "pasta";
}

/**
 * Makes the network that a node's cells are in: as root a namespace that the machine routes for, else (and where the
 * machine does not forward packets) one that `pasta` connects, else the machine's own. Removes first what an earlier
 * agent left. Never rejects.
 */
export async function openCellNetwork(options: OpenNetworkOptions): Promise<CellNetwork> {
  const { nodeId, directory, ownAddresses = publicAddresses(), only, enableIpForward = false } = options;
  const run = createRunTool(options.place);
  const recordPath = join(directory, "record.json");
  await removeNetwork(recordPath, run);
  const resolvers = options.resolvers ?? (await findResolvers());
  const parts = { nodeId, ownAddresses, run, recordPath, resolvers, enableIpForward };
  const isRoot = process.getuid?.() === 0;
  const problems: string[] = [];
  for (const [kind, open] of [
    ["netns", openNetns],
    ["pasta", openPasta],
  ] as const) {
    // As root pasta becomes nobody, whose namespaces the agent's processes would have to enter.
    if ((only ?? kind) !== kind || isRoot !== (kind === "netns")) continue;
    try {
      const network = await open(parts);
      return { ...network, ...(await resolverFile(directory, resolvers)) };
    } catch (error) {
      problems.push(
        `no network for cells by ${kind} (${error instanceof Error ? error.message : String(error)})`,
      );
    }
  }
  return hostNetwork(problems);
}

async function resolverFile(
  directory: string,
  resolvers: readonly string[],
): Promise<{ resolvConf: string; notes: readonly string[] }> {
  const resolvConf = join(directory, "resolv.conf");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(resolvConf, resolvers.map((address) => `nameserver ${address}\n`).join(""), {
    mode: 0o644,
  });
  const notes =
    resolvers.length > 0
      ? []
      : [
          "cells resolve no names: resolv.conf names a resolver on loopback only; set cells.resolvers in node.json",
        ];
  return { resolvConf, notes };
}

function publicAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.map(({ address }) => address).filter(isPublicAddress);
}
