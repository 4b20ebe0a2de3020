import { z } from "zod";
import type { CountReport } from "../CountReport.ts";
import { EdgeError } from "../EdgeError.ts";

const count = z.int().min(0);

const countReportSchema = z.object({
  /** The edge process; a name of its own, also after a restart. */
  reporter: z.string().min(1),
  /** Counts up from one report to the next. */
  sequence: count,
  /** The last epoch of which this and earlier reports hold everything; -1 where there is none. */
  closedEpoch: z.int().min(-1),
  counts: z.array(
    z.object({
      projectId: z.string().regex(/^[1-9]\d{0,18}$/, "is no project id"),
      epoch: count,
      /** Unix milliseconds of any moment of the minute. */
      minuteMs: count,
      requests: count,
      /** Response body bytes, as sent. */
      egressBytes: count,
    }),
  ),
});

/**
 * Checks a report that comes from a file, which its writer may not have finished.
 *
 * @throws {EdgeError} `REPORT_INVALID`, with the first field that is wrong.
 */
export function parseCountReport(value: unknown): CountReport {
  const result = countReportSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") || "the report";
  throw new EdgeError({
    code: "REPORT_INVALID",
    message: `the report of an edge process is not valid: ${field} ${issue?.message ?? "is wrong"}`,
    value: field,
    cause: result.error,
  });
}
