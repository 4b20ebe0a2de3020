import { type Hash, keccak256, stringToBytes } from "viem";
import { statementText } from "./statementText.ts";
import type { UsageStatement } from "./usageStatement.ts";

/** The digest of a usage statement: keccak256 of its canonical JSON in UTF-8. */
export function statementDigest(statement: UsageStatement): Hash {
  return keccak256(stringToBytes(statementText(statement)));
}
