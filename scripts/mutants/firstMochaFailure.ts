import { relative } from "node:path";
import { z } from "zod";
import type { FailedTest } from "./Outcome.ts";

const Report = z.object({
  stats: z.object({ passes: z.int(), failures: z.int() }),
  failures: z.array(z.object({ fullTitle: z.string(), file: z.string().nullish() })),
});

/**
 * The first test that failed in a report of mocha's `json` reporter; `undefined` where none did.
 *
 * @throws where it is no such report, or one of a run without tests.
 */
export function firstMochaFailure(report: string, root: string): FailedTest | undefined {
  const { stats, failures } = Report.parse(JSON.parse(report));
  const [first] = failures;
  if (first === undefined) {
    if (stats.failures > 0 || stats.passes === 0)
      throw new Error("mocha reports neither a pass nor a failure");
    return undefined;
  }
  return { file: first.file ? relative(root, first.file) : "", title: first.fullTitle };
}
