import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of the usage settlement. */
export const settlementTexts: ErrorTexts = {
  BatchSize: {
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
  DecisionWindow: {
    message: "The dispute is decided until epoch {lastEpoch} and drawn after it; now is epoch {now_}.",
    value: "now_",
    next: "until epoch {lastEpoch} the arbiter decides; after it anyone may draw",
  },
  SlashOutOfBounds: {
    message:
      "A slash of {amount:amount} with a reward of {reward:amount} cannot be: an innocent node is not slashed, a guilty one by at most {maxSlash:amount}, half of it as reward.",
    value: "amount",
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
    message:
      "The least bond of {minBond:amount}, the highest slash of {maxSlash:amount} or the arbiter {arbiter} is outside its bounds.",
  },
  NotProjectRegistry: { message: "Only the project registry opens rings; {caller} is not.", value: "caller" },
};
