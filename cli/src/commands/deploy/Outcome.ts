import type { NetworkWriter } from "@worker3/sdk";
import type { CommandContext } from "../../context/CommandContext.ts";
import type { Delivered } from "../../upload/deliver.ts";
import type { PackedProject } from "../../upload/packProject.ts";
import type { Patience } from "../../upload/patience.ts";
import type { DeployOptions } from "./options.ts";

/** What both ways to deploy take. */
export interface DeployParameters {
  readonly context: CommandContext;
  readonly client: NetworkWriter;
  readonly options: DeployOptions;
  readonly packed: PackedProject;
  /** Whether to wait until the version is served. */
  readonly wait: boolean;
  readonly patience: Patience;
  /** Called as soon as the project is on chain. */
  readonly onProject: (projectId: bigint) => Promise<void>;
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
  /** Whether the version is served; else it was added for whoever may deploy to activate. */
  readonly live: boolean;
  readonly replicas: readonly Delivered[];
  /** What a person should know of replicas that are not ready, a line each. */
  readonly warnings: readonly string[];
  /** The version that the chain came to name instead, while this one was waited for. */
  readonly superseded: number | undefined;
  readonly uploadMs: number;
  readonly txMs: number;
}
