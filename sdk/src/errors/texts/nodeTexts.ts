import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of the node registry and of its libraries. */
export const nodeTexts: ErrorTexts = {
  UnknownNode: {
    message: "There is no node {nodeId}.",
    value: "nodeId",
    next: "look the node's id up in the node registry, or register one: worker3 node register",
  },
  NotNodeOwner: {
    message: "Only {owner}, who owns node {nodeId}, may do this; {caller} may not.",
    value: "caller",
    next: "use the key of the node's owner",
  },
  NotNodeKeeper: {
    message: "Only the owner or the operator of node {nodeId} may do this; {caller} is neither.",
    value: "caller",
    next: "use the key of the node's owner or of its agent",
  },
  NotPendingNodeOwner: {
    message: "Node {nodeId} is offered to {pendingOwner}; {caller} cannot take it over.",
    value: "caller",
    next: "let the node's owner propose this account first",
  },
  NodeRetired: {
    message: "Node {nodeId} retired: its last epoch is the one before {retiredFrom}.",
    value: "nodeId",
    next: "choose another node; one whose own stake left does not come back, its owner registers a new one",
  },
  UnknownRegion: {
    message: "There is no region {region}: they are numbered 0 to 8.",
    value: "region",
    next: "use one of wnam, enam, sam, weur, eeur, apac, oc, afr, me",
  },
  RegionMaskOutOfRange: {
    message: "{regionMask} is no region mask: it has bits 0 to 8 only, and to draw at least one of them.",
    value: "regionMask",
    next: "name at least one of wnam, enam, sam, weur, eeur, apac, oc, afr, me",
  },
  NodeParametersOutOfBounds: {
    message:
      "A least stake of {minStake:amount}, {seatStakeFactor} times the cap for a seat, or {maxSlashShareBps} of 10000 slashed in an epoch is outside its bounds, or the least stake is too small for a seat of the default cap.",
    value: "minStake",
  },
  ZeroOperator: {
    message: "The operator cannot be the zero address.",
    next: "give the address of the agent's key: worker3 node init prints it",
  },
  StakeTooSmall: {
    message: "The stake of {stake:amount} is below the least one, {minStake:amount}.",
    value: "stake",
    next: "stake at least {minStake:amount}",
  },
  UnstakeOutOfRange: {
    message: "{amount:amount} cannot be asked back: the stake is {stake:amount}.",
    value: "amount",
    next: "ask for an amount above 0 and up to {stake:amount}",
  },
  NoStakeThaws: {
    message: "No stake of node {nodeId} was asked back.",
    value: "nodeId",
    next: "ask for it first: worker3 node unstake <amount> --node {nodeId}",
  },
  StakeStillThaws: {
    message: "The stake of node {nodeId} leaves after epoch {lastEpoch}.",
    value: "lastEpoch",
    next: "try again after epoch {lastEpoch}: worker3 node withdraw",
  },
  PresenceOutOfRange: {
    message: "A node promises to live until an epoch from {now_} to {latest}, not until {untilEpoch}.",
    value: "untilEpoch",
    next: "promise an epoch from {now_} to {latest}",
  },
  StillPresent: {
    message: "Node {nodeId} is present until epoch {presentUntil}; only an absent node is pruned.",
    value: "nodeId",
  },
  NodeAbsent: {
    message: "Node {nodeId} gets no seat: it said that it lives until epoch {presentUntil}, and not beyond.",
    value: "nodeId",
    next: "choose another node, or let its operator start the agent: worker3 node start",
  },
  CapBelowLeast: {
    message: "Node {nodeId} takes no new seat with a cap of {cap:amount}: {leastCap:leastCap}.",
    value: "nodeId",
    next: "choose another node with --nodes, or a higher cap with --cap",
  },
  StakeTooSmallForCap: {
    message:
      "Node {nodeId} has {free:amount} of stake that does not thaw; a seat of this cap needs {needed:amount}.",
    value: "nodeId",
    next: "choose another node with --nodes, or a lower cap with --cap",
  },
  NotInPool: { message: "Node {nodeId} is not among the nodes that are drawn.", value: "nodeId" },
  DrawCountOutOfRange: {
    message: "A draw gives 1 to 8 nodes, not {count}.",
    value: "count",
    next: "ask for 1 to 8",
  },
  NoNodes: {
    message: "No node takes projects now in: {regionMask:regions}.",
    value: "regionMask",
    next: "allow more regions with --regions, or name nodes by hand with --nodes",
  },
  TooManyNodes: { message: "All node ids are used." },
  EndpointIsTooLong: {
    message: "The endpoint has {length} bytes; it can have 128.",
    value: "endpoint",
    next: "name the node as https://host[:port]",
  },
  EndpointHasNoScheme: {
    message: "The endpoint is not https:// with a host behind it.",
    value: "endpoint",
    next: "name the node as https://host[:port]",
  },
  EndpointHasWrongCharacter: {
    message: "Byte {index} of the endpoint is none of a-z 0-9 . - : [ ].",
    value: "endpoint",
    next: "name the node as https://host[:port], with no path",
  },
};
