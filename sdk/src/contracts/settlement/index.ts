export { arbiter } from "./arbiter.ts";
export { type ClaimParameters, type ClaimResult, claim } from "./claim.ts";
export { type Claimable, type ClaimableParameters, claimable } from "./claimable.ts";
export { currentEpoch } from "./currentEpoch.ts";
export { type DecideParameters, type DecideResult, decide } from "./decide.ts";
export { type DisputeParameters, type DisputeResult, dispute } from "./dispute.ts";
export { type DrawParameters, draw } from "./draw.ts";
export { type IsBatchParameters, isBatch } from "./isBatch.ts";
export { type IsCountedParameters, isCounted } from "./isCounted.ts";
export { maxSlash } from "./maxSlash.ts";
export { minBond } from "./minBond.ts";
export { type PauseResult, pause } from "./pause.ts";
export { pausedUntil } from "./pausedUntil.ts";
export { type PayableOf, type PayableOfParameters, payableOf } from "./payableOf.ts";
export { type Pending, type PendingParameters, pending } from "./pending.ts";
export { type PreviewBatchParameters, previewBatch } from "./previewBatch.ts";
export { type PriceOfParameters, priceOf } from "./priceOf.ts";
export { type PricesAtParameters, pricesAt } from "./pricesAt.ts";
export { type ReleaseParameters, type ReleaseResult, release } from "./release.ts";
export { type RingOfParameters, ringOf } from "./ringOf.ts";
export { type SetParametersParameters, setParameters } from "./setParameters.ts";
export { type SetPricesParameters, setPrices } from "./setPrices.ts";
export { SKIP_REASONS, type SkipReason, skipReason } from "./skipReason.ts";
export {
  type Dispute,
  STATUSES,
  type Status,
  type StatusOf,
  type StatusOfParameters,
  statusOf,
} from "./statusOf.ts";
export { type SkippedReceipt, type SubmitParameters, type SubmitResult, submit } from "./submit.ts";
export { times } from "./times.ts";
