import type { Capabilities, recoverKey, SigningNetwork, UsageMinute, VouchingQuestion } from "@worker3/sdk";
import type { Logger } from "pino";
import type { Address, Hash, Hex } from "viem";
import type { IncidentDocument } from "../cells/limits/createIncidents.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import type { UploadAdmission } from "./createUploadAdmission.ts";
import type { Downloads } from "./downloads/createDownloads.ts";

/** What a node says of itself. */
export interface NodeDocument {
  readonly nodeId: number;
  readonly protocol: 1;
  /** Random, another one at each start of the agent. */
  readonly instance: string;
  /** The agent's version. */
  readonly version: string;
  readonly region: string;
  readonly operator: Address;
  readonly accepting: boolean;
  /** Whom to write about what the node serves; may be empty. */
  readonly abuse: string;
  /** What it can run. */
  readonly capabilities: Capabilities;
}

/** Answers a nonce: that the operator holds the endpoint which the registry names. */
export interface EndpointAnswer {
  readonly endpoint: string;
  /** Of `EndpointProof`, 65 bytes. */
  readonly signature: Hex;
}

/** How far a node is with a project. More fields may follow, which are passed on. */
export interface ProjectDocument {
  readonly projectId: string;
  /** The version that the chain names; 0 for none. */
  readonly wanted: number;
  /** The version that visitors get; 0 for none. */
  readonly active: number;
  /** The version that some visitors get instead, of 10,000 so many. */
  readonly split?: { readonly version: number; readonly bps: number };
  /** The versions that could be served at once. */
  readonly ready: readonly number[];
  readonly role: "replica" | "home";
  readonly state: string;
  /** The newest versions that were added by the right to propose alone and never were active, and by whom. */
  readonly proposed: readonly { readonly version: number; readonly by: Address }[];
  /** Limits that it went over, the newest first. */
  readonly incidents?: readonly IncidentDocument[];
}

/** Why the version that the chain names is not served. */
export interface ProjectFailure {
  readonly code: string;
  readonly message: string;
  /** The last that its process printed. */
  readonly log: string;
}

/** A page of an account's projects, as far as this node has read the chain. */
export interface OwnedProjectsDocument {
  readonly owner: Address;
  /** The newest block that was read. */
  readonly block: number;
  /** By their ids. */
  readonly projects: readonly {
    readonly projectId: string;
    readonly owner: Address;
    /** The first of them; there are `domainCount`. */
    readonly domains: readonly string[];
    readonly domainCount: number;
    /** The version that the chain names; 0 for none. */
    readonly active: number;
    readonly cid: string | null;
    /** In the order of their seats, this epoch's or the next's. */
    readonly nodeIds: readonly number[];
  }[];
  /** What to ask for as `after` next; null where there are no more. */
  readonly next: string | null;
}

export interface UsageTotals {
  readonly requests: bigint;
  readonly cpuMs: bigint;
  readonly egressKiB: bigint;
  readonly storedMiB: bigint;
}

/** What the node's own host name needs of the other parts of the agent. */
export interface ApiParts {
  readonly nodeId: number;
  readonly network: SigningNetwork;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Why the node may not know of what is there; undefined while it does. */
  readonly readingChain: () => { readonly code: "SYNCING"; readonly message: string } | undefined;
  /** The clock, in Unix seconds. */
  readonly nowSeconds: () => number;
  readonly nodeDocument: () => NodeDocument | Promise<NodeDocument>;
  /** Undefined while the registry names no endpoint of this node. */
  readonly proveEndpoint: (nonce: Hash) => Promise<EndpointAnswer | undefined>;
  /** Undefined for a project without a seat here. */
  readonly projectDocument: (projectId: bigint) => ProjectDocument | undefined;
  readonly ownedProjects: (question: {
    readonly owner: Address;
    /** Those with larger ids alone. */
    readonly after: bigint;
    readonly limit: number;
  }) => OwnedProjectsDocument;
  /** For the project's owner; undefined where nothing is wrong. */
  readonly projectFailure: (projectId: bigint) => ProjectFailure | undefined;
  /** Undefined for a project of which nothing is known here. */
  readonly usageTotals: (projectId: bigint, epoch: number) => UsageTotals | undefined;
  readonly usageMinutes: (projectId: bigint, epoch: number) => readonly UsageMinute[];
  /** The RFC 8785 text of a statement that is final. */
  readonly statementText: (projectId: bigint, epoch: number) => string | undefined;
  /** The owner on chain; undefined where there is no such project. */
  readonly ownerOf: (projectId: bigint) => Address | undefined | Promise<Address | undefined>;
  /** Asks owners that are contracts; see `createVouching`. Absent: only keys sign. */
  readonly isVouchedBy?: ((question: VouchingQuestion) => Promise<boolean>) | undefined;
  /** Whose key signed something: what strangers send is not looked at in the agent's own thread. */
  readonly recoverKey: typeof recoverKey;
  readonly content: Pick<ContentStore, "has" | "put" | "touch" | "remove" | "openCar" | "readBlock">;
  readonly uploads: UploadAdmission;
  readonly downloads: Downloads;
  /** Whether an address is the operator of another replica of a project that names the content. */
  readonly isReplica: (operator: Address, cid: string) => boolean;
  /** Whether the node's operator does not serve a CID. */
  readonly isDenied: (cid: string) => boolean;
  /** Whether a project that names a content could serve it at once. */
  readonly isReady: (cid: string) => boolean;
  /** Whether the chain wants a content for visitors of the project, or no version of it names the content yet. */
  readonly isAwaited: (cid: string, projectId: bigint) => boolean;
  /**
   * Makes an uploaded folder ready to be served: compiled, and started once. Has a timeout of its own.
   *
   * @throws {Worker3Error} It cannot be served here; where `errorStatus` gives 422, the upload is dropped.
   */
  readonly afterUpload: (cid: string, projectId: bigint) => Promise<{ ready: boolean }>;
}
