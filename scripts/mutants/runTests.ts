import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { firstMochaFailure } from "./firstMochaFailure.ts";
import { firstSolidityFailure } from "./firstSolidityFailure.ts";
import { MutantsError } from "./MutantsError.ts";
import type { FailedTest } from "./Outcome.ts";
import { runHardhat } from "./runHardhat.ts";

/** All contract tests take a minute or two on an idle machine. */
const TIMEOUT_MS = 20 * 60_000;

export interface RunTestsParameters {
  readonly folder: string;
  /** From `test/contracts/` on, of one kind; mocha runs all where none is named. */
  readonly tests: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Runs contract tests up to the first that fails; `undefined` where all pass.
 *
 * @throws {MutantsError} `BROKEN_RUN`, where the runner failed and no test did.
 */
export async function runTests({
  folder,
  tests,
  signal,
}: RunTestsParameters): Promise<FailedTest | undefined> {
  const solidity = tests.some(isSolidityTest);
  const report = join(folder, "mutants-report.json");
  await rm(report, { force: true });
  const { code, output } = await runHardhat({
    folder,
    args: [
      ...["--config", "scripts/mutants/hardhat.config.ts", "test"],
      ...(solidity ? ["solidity"] : ["mocha", "--bail", "--no-compile"]),
      ...tests.map((test) => `test/contracts/${test}`),
    ],
    env: { MUTANTS_REPORT: report, WORKER3_TESTS: "whole", NODE_COMPILE_CACHE: join(folder, "cache/node") },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const text = solidity ? undefined : await readFile(report, "utf8").catch(() => undefined);
  const failed = text === undefined ? firstSolidityFailure(output) : firstMochaFailure(text, folder);
  if (failed) return failed;
  if (code === 0 && (solidity || text !== undefined)) return undefined;
  throw new MutantsError({
    code: "BROKEN_RUN",
    message:
      code === null
        ? `The tests did not end within ${TIMEOUT_MS / 60_000} minutes`
        : `The runner of the tests failed with exit code ${code}, and no test did`,
    value: output.slice(-2_000),
    next: "run the tests by themselves: npx hardhat test mocha",
  });
}

/** Whether Hardhat's runner of Solidity tests takes it. */
export const isSolidityTest = (file: string): boolean => file.endsWith(".t.sol");
