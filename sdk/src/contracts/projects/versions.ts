import type { Hash } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import { defineView, defineWrite } from "../define.ts";

export interface Deployment {
  /** `name.zone`, or a domain of your own. */
  readonly domain: string;
  /** The deployment folder: 59 characters, `bafybei...`. */
  readonly cid: string;
}

export interface Deployed {
  readonly projectId: bigint;
  /** From 1 on. */
  readonly version: number;
  /** Whether the call created the project; it then needs credit, see `escrow.deposit`. */
  readonly created: boolean;
}

/**
 * Puts a deployment folder live at a domain. Where the caller has no project there yet, it creates one with three drawn
 * nodes and the default cap. A delegate can use it for names of the zone.
 *
 * @throws `CID_PREFIX`, `CID_LENGTH`, `DOMAIN_CHARACTER`, `NAME_TAKEN`, `NAME_RESTING`, `NO_NODES`, or what every write
 *   throws, see `sendCall`.
 */
export const deploy = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "deploy",
  args: ({ domain, cid }: Deployment) => [domain, cid],
  result(events): Deployed {
    const { projectId, version } = events.last("VersionAdded");
    return { projectId, version, created: events.all("ProjectCreated").length > 0 };
  },
});

export interface NewVersion {
  readonly projectId: bigint;
  /** The deployment folder: 59 characters, `bafybei...`. */
  readonly cid: string;
  /** Whether it becomes active at once, which ends a split. */
  readonly live: boolean;
}

export interface VersionAdded {
  /** From 1 on. */
  readonly version: number;
}

/**
 * Adds a version. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `PROJECT_CLOSED`, `CID_PREFIX`, `CID_LENGTH`, or what every write throws, see
 *   `sendCall`.
 */
export const addVersion = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "addVersion",
  args: ({ projectId, cid, live }: NewVersion) => [projectId, cid, live],
  result: (events): VersionAdded => ({ version: events.last("VersionAdded").version }),
});

export interface Activation {
  readonly projectId: bigint;
  readonly version: number;
  /** The digest in the version's CID: guards against a version number that a reorganised chain gave to other content. */
  readonly digest: Hash;
}

/**
 * Makes a version active and ends a split: a rollback, or the end of a trial. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `UNKNOWN_VERSION`, `WRONG_DIGEST`, or what every write throws, see `sendCall`.
 */
export const activate = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "activate",
  args: ({ projectId, version, digest }: Activation) => [projectId, version, digest],
});

export interface Split {
  readonly projectId: bigint;
  readonly version: number;
  /** Of 10000 visitors, at most 9999; 0 ends the split. */
  readonly bps: number;
}

/**
 * Serves a version to some visitors beside the active one. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `UNKNOWN_VERSION`, `SPLIT_WITH_ACTIVE`, `SPLIT_BPS`, or what every write throws, see
 *   `sendCall`.
 */
export const split = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "split",
  args: ({ projectId, version, bps }: Split) => [projectId, version, bps],
});

export interface VersionContent {
  /** The sha2-256 digest in the CID. */
  readonly digest: Hash;
  readonly cid: string;
}

/**
 * The content of a version.
 *
 * @throws `UNKNOWN_PROJECT`, `UNKNOWN_VERSION`, or that the chain cannot be asked.
 */
export const versionOf = /* @__PURE__ */ defineView({
  contract: projectRegistry,
  functionName: "versionOf",
  args: ({ projectId, version }: { readonly projectId: bigint; readonly version: number }) => [
    projectId,
    version,
  ],
  result: ([digest, cid]): VersionContent => ({ digest, cid }),
});
