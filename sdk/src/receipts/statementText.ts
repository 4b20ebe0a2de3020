import canonicalize from "canonicalize";
import { ReceiptError } from "./ReceiptError.ts";
import type { UsageStatement } from "./usageStatement.ts";

/**
 * A usage statement as canonical JSON: one statement, one text. These bytes are served, and their hash is signed.
 *
 * Source: RFC 8785.
 */
export function statementText(statement: UsageStatement): string {
  const text = canonicalize(statement);
  if (text !== undefined) return text;
  throw new ReceiptError({ code: "STATEMENT_INVALID", message: "the usage statement is no JSON" });
}
