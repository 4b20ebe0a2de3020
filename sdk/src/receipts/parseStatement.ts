import { ReceiptError } from "./ReceiptError.ts";
import { type UsageStatement, usageStatementSchema } from "./usageStatement.ts";

/**
 * Checks a usage statement that came as JSON: its shape, the order of its minutes, and that its totals are their sums.
 *
 * @throws {ReceiptError} `STATEMENT_INVALID`, with the first thing that is wrong.
 */
export function parseStatement(value: unknown): UsageStatement {
  const result = usageStatementSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ReceiptError({
    code: "STATEMENT_INVALID",
    message: `the usage statement is not valid: ${issue?.path.join(".") || "it"} ${issue?.message ?? "is wrong"}`,
    value: issue?.path.join("."),
    cause: result.error,
  });
}
