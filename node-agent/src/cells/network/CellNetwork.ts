import type { Wrap } from "../sandbox/Sandbox.ts";

/**
 * What keeps cells to public addresses: a network namespace of the node's own that root set up (`netns`), or one that
 * `pasta` connects; or nothing but workerd (`workerd`).
 */
export type NetworkKind = "workerd" | "netns" | "pasta";

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
