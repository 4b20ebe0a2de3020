import type { ErrorDocument } from "@worker3/sdk";
import type { Enforces } from "../cells/index.ts";
import type { ProviderStatus } from "../chain/follow/providerStatus.ts";
import type { KuboStatus } from "../content/createKuboPins.ts";
import type { ProjectStatus } from "../reconcile/statusOf.ts";

/** What `worker3 node status` shows: the answer of `GET /status` on the admin socket. Amounts in base units. */
export interface NodeStatus {
  readonly nodeId: number;
  readonly version: string;
  /** When the agent started, ISO 8601. */
  readonly startedAt: string;
  /** Where the agent listens. */
  readonly url: string;
  /** What the chain names, null while it is not known; and whether this agent reached itself there when it asked last. */
  readonly endpoint: { readonly url: string | null; readonly error: ErrorDocument | null };
  /** Null while the chain cannot be asked, as with `earned`. */
  readonly stake: string | null;
  /** By the chain's clock. */
  readonly epoch: number;
  /** What the chain says of the node: until which epoch it lives, and from which cap on it takes new seats. */
  readonly presence: {
    readonly untilEpoch: number;
    readonly leastCap: string;
    /** It takes no new seats. */
    readonly isFull: boolean;
  };
  /** What all its seats together may charge, which the stake stands for. */
  readonly exposure: {
    readonly current: string;
    readonly next: string;
    /** The highest cap of a seat now or in the next epoch. */
    readonly highestCap: string;
    /** The highest that the free stake is enough for; with less than `highestCap` others may take seats over. Null as `stake`. */
    readonly mostCap: string | null;
  };
  readonly retiredFrom: number | null;
  /** How a retirement for too little stake is taken back; null where there is none, or nothing takes it back any more. */
  readonly liftable: {
    /** Null as `stake`. */
    readonly addStake: string | null;
    /** The last epoch in which that counts. */
    readonly untilEpoch: number;
  } | null;
  /** What of `stake` is asked back, and when it may leave, ISO 8601; null: none, or the chain cannot be asked. */
  readonly unstaking: { readonly amount: string; readonly thawsAt: string } | null;
  readonly enforces: Enforces;
  /** Whether this agent speaks for its node; with an error it signs and sends nothing. */
  readonly identity: { readonly instance: string; readonly error: ErrorDocument | null };
  readonly chain: {
    readonly head: number | null;
    readonly final: number | null;
    /** The newest block that the RPCs tell; above `head` while the chain is read. */
    readonly target: number | null;
    /** Everything is read that the RPCs told last, and none of them failed since. */
    readonly isSynced: boolean;
    /** Whether RPCs of two hosts told the newest block alike. */
    readonly isWitnessed: boolean;
    readonly providers: readonly ProviderStatus[];
    readonly error: ErrorDocument | null;
  };
  readonly outbox: {
    readonly operator: string;
    readonly queueLength: number;
    readonly error: ErrorDocument | null;
  };
  /** What lies on the disk. */
  readonly content: {
    readonly contents: number;
    /** Of all CARs and the files written out of them. */
    readonly bytes: number;
    /** What they may take. */
    readonly totalBytes: number;
    /** Of `contents`, what nothing wants any more and is about to be dropped. */
    readonly unwanted: number;
    /** Found damaged and not fetched anew yet: it is not served. */
    readonly damaged: readonly { readonly cid: string; readonly what: string; readonly foundAt: string }[];
    /** The IPFS daemon, where one is configured. What fails there is no trouble of the node's. */
    readonly kubo: KuboStatus | null;
  };
  readonly projects: readonly {
    readonly projectId: string;
    readonly state: ProjectStatus["state"];
    /** The version that visitors get; 0 while they get none. */
    readonly version: number;
    readonly wanted: number;
    /** The version that some visitors get instead, of 10,000 so many. */
    readonly split: ProjectStatus["split"] | null;
    readonly code: string | null;
    /** Of all its cells. */
    readonly rssBytes: number;
    /** Each of its cells, also those that go. */
    readonly cells: ProjectStatus["cells"];
  }[];
  /** What was used since the agent started and nobody pays; the log has each. */
  readonly unpaid: readonly { readonly why: string; readonly count: number; readonly amount: string }[];
  /** The contract that is announced to take over from the settlement; null where none is. */
  readonly successor: string | null;
  /** Receipts of the epochs that are kept, which are those that may be disputed or decided. */
  readonly receipts: {
    /** Not counted yet. */
    readonly waiting: number;
    /** Of these, what costs more gas than it pays. */
    readonly waitingForGas: number;
    /** Not counted in time. */
    readonly lost: number;
    /** Of these, what never paid its gas. */
    readonly lostForGas: number;
  };
  readonly earned: { readonly pending: string; readonly claimable: string; readonly claimed: string } | null;
}
