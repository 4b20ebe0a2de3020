export { type AccountOfParameters, accountOf, type CreditAccount } from "./accountOf.ts";
export { type AvailableParameters, available } from "./available.ts";
export { type CancelWithdrawParameters, cancelWithdraw } from "./cancelWithdraw.ts";
export { type CollectFeesResult, collectFees } from "./collectFees.ts";
export { type CollectRefundResult, collectRefund } from "./collectRefund.ts";
export { type DepositParameters, type DepositResult, deposit } from "./deposit.ts";
export {
  type DepositWithPermitParameters,
  type DepositWithPermitResult,
  depositWithPermit,
} from "./depositWithPermit.ts";
export { feeReceiver } from "./feeReceiver.ts";
export { fees } from "./fees.ts";
export { held } from "./held.ts";
export { type RefundOfParameters, refundOf } from "./refundOf.ts";
export {
  type RequestWithdrawParameters,
  type RequestWithdrawResult,
  requestWithdraw,
} from "./requestWithdraw.ts";
export { type Runway, type RunwayParameters, runway } from "./runway.ts";
export { type SetFeeReceiverParameters, setFeeReceiver } from "./setFeeReceiver.ts";
export { type WithdrawParameters, type WithdrawResult, withdraw } from "./withdraw.ts";
