import type { LimitCode } from "../cells/limits/CellLimits.ts";
import type { Refusal } from "../edge/Refusal.ts";

const MESSAGES: Readonly<Record<LimitCode, string>> = {
  CPU_LIMIT: "the request used more CPU time than it may",
  CPU_HANG: "the project did not answer any more and was started anew",
  MEMORY_LIMIT: "the project used more memory than it may and was started anew",
  WALL_LIMIT: "the request took longer than it may",
};

/** What a visitor is told whose request a limit ended. */
export function cellLimitRefusal(code: LimitCode): Refusal {
  return { status: 503, code, message: MESSAGES[code], retryAfterSeconds: 1 };
}
