import type { Address, Hash, Hex } from "viem";

/** Allows the upload of one deployment folder to the replicas of a project. At most 15 minutes ahead. */
export interface UploadIntent {
  readonly projectId: bigint;
  /** The project's owner on chain, also where a delegate signs. */
  readonly owner: Address;
  /** The sha2-256 digest in the CID. */
  readonly digest: Hash;
  /** Length of the CAR. */
  readonly bytes: bigint;
  /** Unix time, in seconds. */
  readonly deadline: bigint;
}

/** Lets its signer ask one node for one path. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly nodeId: number;
  /** Unix time, in seconds. */
  readonly deadline: bigint;
}

/** Lets one node forward requests of a project to another; signed by the first one's operator. */
export interface PeerToken {
  readonly fromNodeId: number;
  readonly toNodeId: number;
  readonly projectId: bigint;
  /** Unix time, in seconds. */
  readonly deadline: bigint;
}

/** Shows that a node's operator holds an endpoint: the answer to a nonce that was sent to it. */
export interface EndpointProof {
  readonly nodeId: number;
  /** As it stands in the registry. */
  readonly endpoint: string;
  /** Chosen by whoever asks, 32 bytes. */
  readonly nonce: Hash;
}

/** What an operator signs about one epoch; see `submit`. */
export interface UsageBatch {
  readonly nodeId: number;
  readonly epoch: number;
  /** See `statementsDigest`. */
  readonly statements: Hash;
  /** See `encodeReceipts`. */
  readonly receipts: Hex;
}

/** What a project's meter signs to accept a counted receipt early; see `release`. */
export interface Release {
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  /** What the receipt was charged, in base units. */
  readonly amount: bigint;
}

export interface Messages {
  UploadIntent: UploadIntent;
  SignedRequest: SignedRequest;
  PeerToken: PeerToken;
  EndpointProof: EndpointProof;
  UsageBatch: UsageBatch;
  Release: Release;
}

export type MessageName = keyof Messages;

/** The EIP-712 types. They stand in the contracts too: a change here invalidates every signature. */
export const MESSAGE_TYPES = {
  UploadIntent: [
    { name: "projectId", type: "uint64" },
    { name: "owner", type: "address" },
    { name: "digest", type: "bytes32" },
    { name: "bytes", type: "uint64" },
    { name: "deadline", type: "uint64" },
  ],
  SignedRequest: [
    { name: "method", type: "string" },
    { name: "path", type: "string" },
    { name: "nodeId", type: "uint32" },
    { name: "deadline", type: "uint64" },
  ],
  PeerToken: [
    { name: "fromNodeId", type: "uint32" },
    { name: "toNodeId", type: "uint32" },
    { name: "projectId", type: "uint64" },
    { name: "deadline", type: "uint64" },
  ],
  EndpointProof: [
    { name: "nodeId", type: "uint32" },
    { name: "endpoint", type: "string" },
    { name: "nonce", type: "bytes32" },
  ],
  UsageBatch: [
    { name: "nodeId", type: "uint32" },
    { name: "epoch", type: "uint32" },
    { name: "statements", type: "bytes32" },
    { name: "receipts", type: "bytes" },
  ],
  Release: [
    { name: "projectId", type: "uint64" },
    { name: "nodeId", type: "uint32" },
    { name: "epoch", type: "uint32" },
    { name: "amount", type: "uint64" },
  ],
} as const;
