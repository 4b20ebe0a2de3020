export { type AllowanceOfParameters, allowanceOf } from "./allowanceOf.ts";
export { type ApproveParameters, approve } from "./approve.ts";
export { type BalanceOfParameters, balanceOf } from "./balanceOf.ts";
export { type EnsureAllowanceParameters, ensureAllowance } from "./ensureAllowance.ts";
export { type Permit, type SignPermitParameters, signPermit } from "./signPermit.ts";
export { type TransferParameters, transfer } from "./transfer.ts";
