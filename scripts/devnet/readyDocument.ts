import type { NetworkFile } from "../../ignition/deployWorker3.ts";
import type { ErrorDocument } from "../../sdk/src/errors/Worker3Error.ts";
import type { AccountDocument } from "./accounts.ts";
import type { Sample } from "./deploySample.ts";

export interface NodeDocument {
  readonly nodeId: number;
  readonly http: string;
  readonly host: string;
  /** The path of its admin socket. */
  readonly admin: string;
  readonly region: string;
  readonly pid: number;
}

/** What a devnet says when it is ready, and what `devnet.json` holds: a network file with more in it. */
export interface ReadyDocument extends NetworkFile {
  readonly event: "ready";
  /** The devnet's own: SIGTERM stops everything. */
  readonly pid: number;
  readonly accounts: Readonly<Record<string, AccountDocument>>;
  readonly nodes: readonly NodeDocument[];
  /** The sample project, or why it is not there; absent with `--no-sample`. */
  readonly sample?: (Sample & { readonly url: string }) | { readonly error: ErrorDocument };
  /** How long each step of the start took, in ms. */
  readonly timings: Readonly<Record<string, number>>;
}

export type ReadyParts = Omit<ReadyDocument, "event" | "pid" | keyof NetworkFile> & {
  readonly network: NetworkFile;
};

/** The document in the order in which a reader meets it: the network, who is on it, its nodes, then the rest. */
export function readyDocument({ network, accounts, nodes, ...rest }: ReadyParts): ReadyDocument {
  const { chainId, rpcUrl, zone, decimals, contracts, ...line } = network;
  return {
    event: "ready",
    chainId,
    rpcUrl,
    zone,
    decimals,
    contracts,
    accounts,
    nodes,
    ...line,
    ...rest,
    pid: process.pid,
  };
}
