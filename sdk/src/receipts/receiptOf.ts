import type { Receipt } from "./receipt.ts";
import type { UsageStatement } from "./usageStatement.ts";

/** The receipt that a usage statement explains. */
export function receiptOf({ projectId, totals }: Pick<UsageStatement, "projectId" | "totals">): Receipt {
  return {
    projectId: BigInt(projectId),
    requests: BigInt(totals.requests),
    cpuMs: BigInt(totals.cpuMs),
    egressKiB: BigInt(totals.egressKiB),
    storedMiB: BigInt(totals.storedMiB),
  };
}
