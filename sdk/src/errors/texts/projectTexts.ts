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
    message:
      "{caller} may not do this for project {projectId}: it is neither its owner nor a delegate with the right to.",
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
  SplitBpsOutOfRange: {
    message: "A split is 0 to 9999 of 10000, not {bps}.",
    value: "bps",
    next: "to serve the version to everyone: worker3 rollback --to",
  },
  SeatCountOutOfRange: {
    message: "A project has 1 to 8 seats, not {count}.",
    value: "count",
    next: "name 1 to 8 nodes",
  },
  NodeSeatedTwice: {
    message: "Node {nodeId} cannot hold two seats of a project.",
    value: "nodeId",
    next: "name each node once",
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
  CapWouldShrink: {
    message: "In a begun epoch the cap only grows: it is {current:amount}, not {cap:amount} or less.",
    value: "cap",
    next: "a lower cap counts from the next epoch: worker3 project cap",
  },
  NoEmptySeat: {
    message: "Project {projectId} has too few empty seats behind its home for {nodes} more nodes.",
    value: "nodes",
    next: "name fewer nodes, or other ones from the next epoch on: worker3 project nodes {projectId}",
  },
  TooLittleAvailable: {
    message:
      "Of project {projectId}'s credit {available:amount} may be counted on; {needed:amount} are needed for what its seats may charge.",
    value: "available",
    next: "worker3 credit deposit {projectId} <amount>",
  },
  DefaultCapOutOfBounds: {
    message:
      "With a cap of {defaultCap:amount} a seat needs {neededStake:amount} of stake; a node may have {minStake:amount} alone.",
    value: "defaultCap",
    next: "choose a lower default cap, a lower factor, or a higher least stake",
  },
  UnknownRights: {
    message: "There is no right {rights}: 0 is none, 1 is to deploy, 2 to propose, 3 is both.",
    value: "rights",
  },
  MaxCapOutOfBounds: {
    message: "The highest cap cannot be {maxCap:amount}: new projects get {least:amount}.",
    value: "maxCap",
  },
};
