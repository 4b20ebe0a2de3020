import type { Wrap } from "../sandbox/Sandbox.ts";
import type { RunTool } from "./runTool.ts";

/**
 * What keeps cells to public addresses: a network namespace of the node's own that root set up (`netns`), or one that
 * `pasta` connects; or nothing but workerd (`workerd`).
 */
export type NetworkKind = "workerd" | "netns" | "pasta";

/** What each way to make such a network goes by. */
export interface CellNetworkParts {
  readonly nodeId: number;
  /** Public addresses of the machine. */
  readonly ownAddresses: readonly string[];
  /** Those that cells ask for names. */
  readonly resolvers: readonly string[];
  /** Whether to switch the machine's forwarding of packets on. */
  readonly enableIpForward: boolean;
  readonly run: RunTool;
  /** Where what is made outside of the state folder is written down before it is made. */
  readonly recordPath: string;
}

/** The network that a node's cells are in. */
export interface CellNetwork {
  readonly kind: NetworkKind;
  /** Runs a command in it. */
  readonly wrap: Wrap;
  /** A `resolv.conf` that names resolvers which cells reach; absent: the machine's. */
  readonly resolvConf?: string;
  /** What an operator should know, one sentence each. */
  readonly notes: readonly string[];
  /** Removes what was made. Idempotent; never rejects. */
  close(): Promise<void>;
}
