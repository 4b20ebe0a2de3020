import { applyMutant } from "./applyMutant.ts";
import { compileMutant } from "./compileMutant.ts";
import type { Compiler } from "./createCompiler.ts";
import type { Copy } from "./createCopy.ts";
import type { Mutant } from "./Mutant.ts";
import { MutantsError } from "./MutantsError.ts";
import type { FailedTest, Outcome } from "./Outcome.ts";
import type { Build } from "./readBuilds.ts";
import { isSolidityTest, runTests } from "./runTests.ts";

export interface TryMutantParameters {
  readonly mutant: Mutant;
  readonly copy: Copy;
  readonly builds: readonly Build[];
  readonly compiler: Compiler;
  readonly signal: AbortSignal;
}

/** Plants one bug, looks for the test that catches it, and takes the bug back. */
export async function tryMutant(parameters: TryMutantParameters): Promise<Outcome> {
  const { mutant, copy, signal } = parameters;
  const started = performance.now();
  const outcome = (result: Pick<Outcome, "caughtBy" | "invalid">): Outcome => ({
    name: mutant.name,
    rule: mutant.rule,
    ...result,
    seconds: (performance.now() - started) / 1000,
  });

  const source = applyMutant(mutant, await copy.readSource(mutant.file));
  const code = await compileMutant({ ...parameters, source });
  if ("invalid" in code) return outcome(code);
  try {
    await copy.plant(mutant.file, source, code.contracts);
    const caughtBy = await catchingTest(copy.folder, mutant.tests, signal);
    return outcome(caughtBy ? { caughtBy } : {});
  } catch (error) {
    if (error instanceof MutantsError) return outcome({ invalid: error.message });
    throw error;
  } finally {
    await copy.restore();
  }
}

async function catchingTest(
  folder: string,
  named: readonly string[],
  signal: AbortSignal,
): Promise<FailedTest | undefined> {
  const solidity = named.filter(isSolidityTest);
  const mocha = named.filter((test) => !isSolidityTest(test));
  if (mocha.length > 0) {
    const failed = await runTests({ folder, tests: mocha, signal });
    if (failed) return failed;
  }
  if (solidity.length > 0) {
    const failed = await runTests({ folder, tests: solidity, signal });
    if (failed) return failed;
  }
  return runTests({ folder, tests: [], signal });
}
