export { batchHash, type CountedBatch } from "./batchHash.ts";
export {
  type CreateStatementParameters,
  createStatement,
  type MeteredMinute,
  type MeteredStorage,
} from "./createStatement.ts";
export { decodeLines } from "./decodeLines.ts";
export { decodeReceipts } from "./decodeReceipts.ts";
export { encodeLines } from "./encodeLines.ts";
export { encodeReceipts } from "./encodeReceipts.ts";
export { parseStatement } from "./parseStatement.ts";
export { ReceiptError } from "./ReceiptError.ts";
export { LINE_BYTES, type Line, MAX_RECEIPTS, RECEIPT_BYTES, RECEIPT_MAX, type Receipt } from "./receipt.ts";
export { receiptOf } from "./receiptOf.ts";
export { splitBatches } from "./splitBatches.ts";
export { statementDigest } from "./statementDigest.ts";
export { statementsDigest } from "./statementsDigest.ts";
export { statementText } from "./statementText.ts";
export { storedMiBOf } from "./storedMiBOf.ts";
export {
  STATEMENT_PROTOCOL,
  type UsageMinute,
  type UsageStatement,
  usageStatementSchema,
} from "./usageStatement.ts";
