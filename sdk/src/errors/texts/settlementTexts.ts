import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of the usage settlement. */
export const settlementTexts: ErrorTexts = {
  BatchHasWrongSize: {
    message: "{bytes_} bytes are no batch: it has 1 to {maxReceipts} receipts of 32 bytes.",
    value: "bytes_",
    next: "split the receipts into batches of at most {maxReceipts}",
  },
  NotSubmittable: {
    message:
      "Usage of epoch {epoch} cannot be submitted in epoch {now_}: only in the few epochs behind its own.",
    value: "epoch",
    next: "submit when the epoch has ended; what comes later is lost",
  },
  WrongBatchSignature: {
    message: "Node {nodeId}'s operator of this moment, {operator}, did not sign this batch.",
    value: "operator",
    next: "sign the batch with the operator's key; after a change of operator sign outstanding epochs anew",
  },
  NothingCounted: {
    message:
      "No receipt of node {nodeId} for epoch {epoch} counted: each has no seat, was counted, or met too little credit.",
    value: "epoch",
    next: "leave out what was counted; projects without credit can be submitted again when they have some",
  },
  UnknownBatch: {
    message: "No batch of node {nodeId} for epoch {epoch} with these lines was counted.",
    value: "batchHash",
    next: "take statements and lines from the event BatchCounted, unchanged",
  },
  NoSuchLine: {
    message: "The batch has {lines} lines, counted from 0; there is no {index}.",
    value: "index",
  },
  WindowClosed: {
    message: "Receipts of epoch {epoch} could be released or disputed until epoch {lastEpoch}.",
    value: "epoch",
  },
  AlreadyTouched: {
    message: "The receipt of node {nodeId} for project {projectId} in epoch {epoch} is {status:status}.",
    value: "status",
  },
  NotReleasable: {
    message: "{caller} does not own project {projectId}, and its meter did not sign this release.",
    value: "caller",
    next: "use the key of the project's owner, or the signature of its meter",
  },
  NotArbiter: {
    message: "Only the arbiter {arbiter} decides disputes; {caller} is not.",
    value: "caller",
  },
  NotDisputed: {
    message:
      "The receipt of node {nodeId} for project {projectId} in epoch {epoch} is not disputed but {status:status}.",
    value: "status",
  },
  DecisionTooLate: {
    message: "The dispute could be decided until epoch {lastEpoch}; now is epoch {now_}.",
    value: "now_",
    next: "anyone may draw it now",
  },
  DrawTooEarly: {
    message: "The dispute can be decided until epoch {lastEpoch}; now is epoch {now_}.",
    value: "now_",
    next: "draw it after epoch {lastEpoch}",
  },
  AlreadyExtended: {
    message:
      "The decision about node {nodeId} for project {projectId} in epoch {epoch} was extended before, and is once only.",
    value: "epoch",
  },
  DecisionsAreSuspended: {
    message:
      "The guardian suspended decisions: they go on in epoch {untilEpoch}, or when an arbiter is named.",
    value: "untilEpoch",
    next: "try again in epoch {untilEpoch}; what is not decided in time is drawn",
  },
  SuspensionTooSoon: {
    message:
      "A suspension just was: the next can start in epoch {earliest}, unless another arbiter is named.",
    value: "earliest",
  },
  BondAboveMost: {
    message: "The dispute takes a bond of {bond:amount}; at most {maxBond:amount} shall be given.",
    value: "bond",
    next: "allow {bond:amount}, or leave it",
  },
  UsageAfterRetirement: {
    message:
      "Node {nodeId} retired: usage of epoch {epoch} does not count, only that before epoch {retiredFrom}.",
    value: "epoch",
    next: "nothing is left to submit for this epoch",
  },
  PricesForgotten: {
    message:
      "The prices of epoch {epoch} are forgotten: no receipt of an epoch before {earliest} can come any more.",
    value: "epoch",
    next: "ask for epoch {earliest} or later; older prices are in the events PricesSet",
  },
  EpochForgotten: {
    message:
      "What was counted in epoch {epoch} is forgotten: the contract knows it from epoch {earliest} on.",
    value: "epoch",
    next: "ask for epoch {earliest} or later; what was counted before is in the events BatchCounted",
  },
  NoLineOf: {
    message: "These lines hold no receipt of project {projectId}.",
    value: "projectId",
    next: "take the lines of the batch in which it was counted: worker3 receipts {projectId}",
  },
  NothingToClaim: {
    message: "Nothing of node {nodeId} has matured in these epochs, and nothing is payable.",
    value: "nodeId",
    next: "wait until the epochs have matured: worker3 node status",
  },
  PricesTooSoon: {
    message: "The last prices count from epoch {fromEpoch}; the next can be announced from epoch {earliest}.",
    value: "fromEpoch",
  },
  PricesTooFarAhead: {
    message: "Prices from epoch {fromEpoch} are announced too early: the last that can be now is {latest}.",
    value: "fromEpoch",
    next: "let them count from epoch {latest} or before",
  },
  PricesNotAhead: {
    message: "Prices cannot count from epoch {fromEpoch}: epoch {earliest} is the earliest.",
    value: "fromEpoch",
  },
  PricesOutOfBounds: {
    message: "A price or the fee is outside its bounds; base is at most {maxBase:amount}.",
  },
  ParametersOutOfBounds: {
    message: "A bond, a bound of slashes or rewards, or the arbiter is outside its bounds.",
  },
  NotProjectRegistry: { message: "Only the project registry calls this; {caller} is not.", value: "caller" },
};
