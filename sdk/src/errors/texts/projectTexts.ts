import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of the project registry, but for those of domains and CIDs. */
export const projectTexts: ErrorTexts = {
  UnknownProject: {
    message: "There is no project {projectId}.",
    value: "projectId",
    next: "name the project by its domain, or create it: worker3 deploy",
  },
  ProjectClosed: {
    message: "Project {projectId} is closed for ever.",
    value: "projectId",
    next: "deploy to its domain again: that makes a new project",
  },
  NotProjectOwner: {
    message: "Only {owner}, who owns project {projectId}, may do this; {caller} may not.",
    value: "caller",
    next: "use the key of the project's owner",
  },
  NotDeployer: {
    message: "{caller} may not deploy to project {projectId}: it is neither its owner nor a delegate.",
    value: "caller",
    next: "let the owner allow it: worker3 project delegate {projectId} {caller} --rights deploy",
  },
  NotPendingProjectOwner: {
    message: "Project {projectId} is offered to {pendingOwner}; {caller} cannot take it over.",
    value: "caller",
    next: "let its owner propose this account: worker3 project transfer {projectId} {caller}",
  },
  UnknownVersion: {
    message: "Project {projectId} has no version {version}; it has {versions}.",
    value: "version",
    next: "worker3 versions {projectId}",
  },
  TooManyVersions: { message: "The project has as many versions as it can have." },
  WrongDigest: {
    message: "Version {version} of project {projectId} has the digest {stored}, not {given}.",
    value: "given",
    next: "the chain may have been reorganised; look again: worker3 versions {projectId}",
  },
  SplitWithActive: {
    message: "Version {version} of project {projectId} is the active one; a split is with another.",
    value: "version",
    next: "worker3 versions {projectId}",
  },
  SplitBps: {
    message: "A split is 0 to 9999 of 10000, not {bps}.",
    value: "bps",
    next: "to serve the version to everyone: worker3 rollback --to",
  },
  SeatCount: {
    message: "A project has 1 to 8 seats, not {count}.",
    value: "count",
    next: "name 1 to 8 nodes",
  },
  SeatTwice: {
    message: "Node {nodeId} cannot hold two seats of a project.",
    value: "nodeId",
    next: "name each node once",
  },
  RefillRegions: {
    message: "{regionMask} is no region mask: it has bits 0 to 8 only.",
    value: "regionMask",
    next: "use wnam, enam, sam, weur, eeur, apac, oc, afr, me",
  },
  CapOutOfBounds: {
    message:
      "The cap of {cap:amount} is not between {base:amount}, what an epoch costs at least, and {maxCap:amount}.",
    value: "cap",
    next: "choose a cap from {base:amount} to {maxCap:amount}",
  },
  NothingToRefill: {
    message: "Every seat of project {projectId} that may be refilled has a live node.",
    value: "projectId",
  },
  NotKeeperOf: {
    message: "Only the owner or the operator of node {nodeId} empties its seats; {caller} is neither.",
    value: "caller",
    next: "use the key of the node's owner or of its agent",
  },
  UnknownRights: { message: "There is no right {rights}: 0 is none, 1 is to deploy.", value: "rights" },
  MaxCapOutOfBounds: {
    message: "The highest cap cannot be {maxCap:amount}: new projects get {least:amount}.",
    value: "maxCap",
  },
};
