import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileQuickly } from "./compileQuickly.ts";
import { createCompiler } from "./createCompiler.ts";
import { type Copy, createCopy } from "./createCopy.ts";
import type { Mutant } from "./Mutant.ts";
import { MutantsError } from "./MutantsError.ts";
import type { Outcome } from "./Outcome.ts";
import { verdict } from "./outcomeTable.ts";
import { type Build, readBuilds } from "./readBuilds.ts";
import { runHardhat } from "./runHardhat.ts";
import { isSolidityTest, runTests } from "./runTests.ts";
import { tryMutant } from "./tryMutant.ts";

const BUILD_TIMEOUT_MS = 10 * 60_000;

export interface RunMutantsParameters {
  readonly root: string;
  readonly mutants: readonly Mutant[];
  readonly jobs: number;
  /** Progress, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Tries each mutant in a copy of the project, which is gone afterwards; the outcomes are in the order of the mutants.
 *
 * @throws {MutantsError} where the project does not build or its tests are red without any bug planted.
 */
export async function runMutants(parameters: RunMutantsParameters): Promise<Outcome[]> {
  const { root, mutants, say, signal } = parameters;
  const jobs = Math.min(parameters.jobs, mutants.length);
  say("build");
  await build(root, signal);

  const folder = await mkdtemp(join(tmpdir(), "worker3-mutants-"));
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running: Promise<void>[] = [];
  try {
    const builds = await quickBuilds(root, signal);
    const contracts = builds.flatMap((build) => build.contracts);
    const copies: Copy[] = [];
    for (let job = 1; job <= jobs; job++) {
      copies.push(await createCopy({ root, folder: join(folder, String(job)), contracts, signal }));
    }
    const [first] = copies;
    if (first) await requireGreen(first, mutants, say, signal);

    const outcomes: Outcome[] = [];
    const waiting = [...mutants.entries()];
    for (const copy of copies)
      running.push(work(copy, builds, waiting, outcomes, { ...parameters, signal: either }));
    await Promise.all(running);
    return outcomes;
  } finally {
    stop.abort();
    await Promise.allSettled(running);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes mutants until none is left. */
async function work(
  copy: Copy,
  builds: readonly Build[],
  waiting: [number, Mutant][],
  outcomes: Outcome[],
  { mutants, say, signal }: RunMutantsParameters,
): Promise<void> {
  await using compiler = createCompiler();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [index, mutant] = next;
    const outcome = await tryMutant({ mutant, copy, builds, compiler, signal });
    outcomes[index] = outcome;
    say(
      `${index + 1}/${mutants.length} ${mutant.name}: ${verdict(outcome)} (${outcome.seconds.toFixed(0)} s)`,
    );
  }
}

/** The project's contracts, compiled as each mutant will be. */
async function quickBuilds(root: string, signal: AbortSignal): Promise<Build[]> {
  await using compiler = createCompiler();
  const builds: Build[] = [];
  for (const build of await readBuilds(root, compiler, signal)) {
    const code = await compileQuickly(build.input, build.contracts, compiler, signal);
    if ("error" in code) throw buildFailed(code.error);
    builds.push({ ...build, contracts: code.contracts });
  }
  return builds;
}

async function build(root: string, signal: AbortSignal): Promise<void> {
  const { code, output } = await runHardhat({
    folder: root,
    args: ["build", "--no-tests", "--quiet"],
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
  });
  if (code !== 0) throw buildFailed(output.slice(-2_000));
}

const buildFailed = (value: string): MutantsError =>
  new MutantsError({
    code: "BUILD_FAILED",
    message: "The project does not build as it is",
    value,
    next: "npm run build:contracts",
  });

/** A test that is red anyway would catch everything. */
async function requireGreen(
  { folder }: Copy,
  mutants: readonly Mutant[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  say("all contract tests, without a bug");
  const solidity = [...new Set(mutants.flatMap(({ tests }) => tests.filter(isSolidityTest)))];
  const failed =
    (await runTests({ folder, tests: [], signal })) ??
    (solidity.length > 0 ? await runTests({ folder, tests: solidity, signal }) : undefined);
  if (!failed) return;
  throw new MutantsError({
    code: "RED_BASELINE",
    message: "A test fails without any bug planted",
    value: `${failed.file} > ${failed.title}`,
    next: `npx hardhat test ${failed.file}`,
  });
}
