import { resolve } from "node:path";
import type { Region } from "@worker3/sdk";
import { UsageError } from "../../errors.ts";
import { shellWord } from "../../text/shellWord.ts";

/** What `deploy` was told. */
export interface DeployOptions {
  readonly directory: string;
  readonly domain: string;
  /** Whether `index.html` answers every address without a file. */
  readonly spa: boolean;
  /** Base units, as `deposit`. */
  readonly cap: bigint | undefined;
  readonly deposit: bigint | undefined;
  readonly replicas: number | undefined;
  readonly regions: readonly Region[] | undefined;
  readonly nodes: readonly number[] | undefined;
  /** Whether the version is only added, for whoever may deploy to activate. */
  readonly propose: boolean;
  /** Whether it only looks what a deployment would do and cost. */
  readonly dryRun: boolean;
}

/**
 * Refuses options that exclude each other.
 *
 * @throws {UsageError}
 */
export function checkOptions({
  nodes,
  replicas,
  regions,
}: Pick<DeployOptions, "nodes" | "replicas" | "regions">): void {
  if (nodes === undefined || (replicas === undefined && regions === undefined)) return;
  throw new UsageError({
    message: "--nodes names the nodes; --replicas and --regions have them drawn.",
    next: "give one or the other",
  });
}

/** How to push the same content again. */
export function pushCommand(
  { directory, domain, spa }: Pick<DeployOptions, "directory" | "domain" | "spa">,
  projectId?: bigint,
): string {
  // Also where it is only remembered: without it the content would be another.
  return `worker3 push ${shellWord(resolve(directory))} ${projectId ?? domain}${spa ? " --spa" : ""}`;
}
