import type { NetworkWriter, Replica } from "@worker3/sdk";
import type { CommandContext } from "../../context/CommandContext.ts";
import type { PackedProject } from "../../upload/packProject.ts";
import type { DeployOptions } from "./options.ts";
import type { Patience } from "./patience.ts";

/** What both ways to deploy take. */
export interface DeployParameters {
  readonly context: CommandContext;
  readonly client: NetworkWriter;
  readonly options: DeployOptions;
  readonly packed: PackedProject;
  /** Whether to wait until the version is served. */
  readonly wait: boolean;
  readonly patience: Patience;
}

/** How a deployment ended. */
export interface Outcome {
  readonly projectId: bigint;
  readonly version: number;
  /** Of the version; undefined where none was made. */
  readonly txHash: `0x${string}` | undefined;
  readonly depositTxHash: `0x${string}` | undefined;
  readonly created: boolean;
  readonly unchanged: boolean;
  readonly replicas: readonly ReplicaOutcome[];
  readonly uploadMs: number;
  readonly txMs: number;
}

export interface ReplicaOutcome extends Replica {
  /** Whether it has the content and, where that was waited for, serves it. */
  readonly ready: boolean;
  /** From the mined transaction to its answer; undefined where it was not waited for, or did not come. */
  readonly liveMs: number | undefined;
  readonly error: string | undefined;
}
