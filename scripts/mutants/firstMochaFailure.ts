import { relative } from "node:path";
import { z } from "zod";
import { MutantsError } from "./MutantsError.ts";
import type { FailedTest } from "./Outcome.ts";

/** What `reporter.ts` writes. A file is empty where mocha knows none. */
const MochaReport = z.object({
  passes: z.int(),
  failures: z.array(z.object({ title: z.string(), file: z.string() })),
});
export type MochaReport = z.infer<typeof MochaReport>;

/**
 * The first test that failed by the report of a run in `root`; `undefined` where none did.
 *
 * @throws {MutantsError} `BROKEN_RUN`, where no test ran; and where it is no such report.
 */
export function firstMochaFailure(report: string, root: string): FailedTest | undefined {
  const { passes, failures } = MochaReport.parse(JSON.parse(report));
  const [first] = failures;
  if (first) return { file: first.file && relative(root, first.file), title: first.title };
  if (passes === 0) {
    throw new MutantsError({
      code: "BROKEN_RUN",
      message: "No test passed and none failed",
      next: "run the tests by themselves: npx hardhat test mocha",
    });
  }
  return undefined;
}
