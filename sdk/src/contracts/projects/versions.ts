import type { Hash } from "viem";
import { projectRegistry } from "../../abi/contracts.ts";
import { defineWrite } from "../define.ts";

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
  /** Whether the call created the project; it then needs credit, see `escrow.depositAt`. */
  readonly created: boolean;
}

/**
 * Puts a deployment folder live at a domain. Where the caller has no project there yet, it creates one with three drawn
 * nodes and the default cap. For the owner alone: a delegate adds versions by the project's id, see `addVersion`.
 *
 * @throws `CID_HAS_WRONG_PREFIX`, `CID_HAS_WRONG_LENGTH`, `DOMAIN_HAS_WRONG_CHARACTER`, `NAME_TAKEN`, `NAME_RESTING`, `NAME_KEPT`, `NO_NODES`, or what every write
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
  /** Whether the caller has the right `propose` alone: somebody else has to activate the version. */
  readonly proposed: boolean;
}

/**
 * Adds a version. For the owner or a delegate with the right `deploy`; one that is not live also for a delegate with the right
 * `propose`.
 *
 * @throws `NOT_DEPLOYER`, `PROJECT_CLOSED`, `CID_HAS_WRONG_PREFIX`, `CID_HAS_WRONG_LENGTH`, or what every write throws, see
 *   `sendCall`.
 */
export const addVersion = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "addVersion",
  args: ({ projectId, cid, live }: NewVersion) => [projectId, cid, live],
  result: (events): VersionAdded => ({
    version: events.last("VersionAdded").version,
    proposed: events.all("Proposed").length > 0,
  }),
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
 * @throws `NOT_DEPLOYER`, `UNKNOWN_VERSION`, `SPLIT_WITH_ACTIVE`, `SPLIT_BPS_OUT_OF_RANGE`, or what every write throws, see
 *   `sendCall`.
 */
export const split = /* @__PURE__ */ defineWrite({
  contract: projectRegistry,
  functionName: "split",
  args: ({ projectId, version, bps }: Split) => [projectId, version, bps],
});
