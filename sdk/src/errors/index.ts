export { errorsAbi } from "../abi/errors.ts";
export { amountCodes } from "./amountCodes.ts";
export { contractError, type ErrorContext } from "./contractError.ts";
export {
  ContractError,
  RpcError,
  type RpcErrorCode,
  TransactionError,
  type TransactionErrorCode,
} from "./errorClasses.ts";
export { foreignWords } from "./foreignWords.ts";
export { type CreditFacts, missingCredit, type NoCreditParameters, noCreditError } from "./noCreditError.ts";
export { type RevertContext, revertError } from "./revertError.ts";
export { upperSnake } from "./upperSnake.ts";
export { type ErrorDocument, Worker3Error, type Worker3ErrorOptions } from "./Worker3Error.ts";
