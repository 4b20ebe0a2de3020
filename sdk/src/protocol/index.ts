export { amountOf, type Usage } from "./amountOf.ts";
export { checkDomain } from "./checkDomain.ts";
export { checkEndpoint } from "./checkEndpoint.ts";
export {
  type ChargedProject,
  type CountBatchParameters,
  countBatch,
  type ReceiptOutcome,
} from "./countBatch.ts";
export { type CreditWindow, creditWindow } from "./creditWindow.ts";
export { type DisputeWindow, disputeWindow } from "./disputeWindow.ts";
export { epochAt } from "./epochAt.ts";
export { epochStart } from "./epochStart.ts";
export { feeOf } from "./feeOf.ts";
export { DECIMALS, formatAmount } from "./formatAmount.ts";
export { isReservedName } from "./isReservedName.ts";
export { ProtocolError } from "./ProtocolError.ts";
export { parseAmount } from "./parseAmount.ts";
export type { Prices } from "./prices.ts";
export { regionCode } from "./regionCode.ts";
export { regionMask } from "./regionMask.ts";
export { regionNumber } from "./regionNumber.ts";
export { ALL_REGIONS, REGIONS, type Region } from "./regions.ts";
export { regionsOf } from "./regionsOf.ts";
export {
  countedSeats,
  isSeatCounted,
  lastOfRing,
  markRing,
  openRing,
  RING_SPAN,
  unmarkRing,
} from "./ring.ts";
export { type StakeWindow, stakeWindow } from "./stakeWindow.ts";
export {
  capOf,
  nodeAt,
  packTerms,
  SEATS,
  seatBits,
  seatOf,
  type Terms,
  unpackTerms,
  withCap,
  withFromEpoch,
  withSeat,
} from "./terms.ts";
export { termsOfEpoch } from "./termsOfEpoch.ts";
export type { Times } from "./times.ts";
export { type UsageWindow, usageWindow } from "./usageWindow.ts";
export { zoneLabel } from "./zoneLabel.ts";
