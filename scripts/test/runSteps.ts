import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseSteps, parseRunOptions, type RunOptions, type Step, UsageError } from "./chooseSteps.ts";
import { expectedSeconds, readDurations, TYPICAL_DURATIONS, writeDurations } from "./durations.ts";
import { lookForLeftovers, NOTHING_LEFT, stopAtSignals } from "./endOfRun.ts";
import { type FamilyWatch, watchFamily } from "./family.ts";
import { nextStep, planText, type SecondsOf } from "./lanes.ts";
import { findMachineObjects } from "./machineObjects.ts";
import { closingText, type Outcome, outcomeLine, outcomeOf } from "./runnerOutput.ts";

/** A list of steps that a command runs. */
export interface Run {
  /** For messages: `npm test`. */
  readonly command: string;
  readonly steps: readonly Step[];
  /** How many steps run side by side. */
  readonly lanes: number;
  /** The folder in which the steps run, absolute. */
  readonly root: string;
}

/** What a step printed before it ended may still be on its way. */
const DRAIN_MS = 3_000;

/**
 * Runs the steps that the arguments choose, also after one that failed, and ends with what failed once more, a table and
 * the line `N passed, N failed`. A step whose need failed is not run and counts as failed. At the end it looks for
 * whatever the steps left running, ends it, and counts that as a failure. At a signal it ends what runs and looks too.
 *
 * @returns The exit code: 0 where all went well, 1 where anything failed, 2 for wrong usage.
 */
export async function runSteps(run: Run, args: readonly string[]): Promise<0 | 1 | 2> {
  const { root } = run;
  // What this machine needed the last time; git ignores the folder.
  const ownDurations = join(root, "cache/test/durations.json");
  const secondsOf = expectedSeconds(
    await readDurations(ownDurations),
    await readDurations(TYPICAL_DURATIONS),
  );
  let steps: readonly Step[];
  let options: RunOptions;
  let lanes: number;
  try {
    options = parseRunOptions(args);
    steps = chooseSteps(run.steps, options.names);
    lanes = options.lanes ?? run.lanes;
    if (options.help || options.list) {
      process.stdout.write(options.help ? usage(run) : planText(steps, lanes, secondsOf));
      return 0;
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage(run)}`);
    return 2;
  }

  const started = performance.now();
  const objectsBefore = await findMachineObjects();
  const watch = watchFamily(randomUUID());
  const stop = stopAtSignals(watch);
  const outcomes = await runLanes(
    { steps, lanes, secondsOf, isStopped: () => stop.signal !== undefined },
    (step, live) => runStep(step, { root, watch, live }),
  );
  outcomes.push(await lookForLeftovers(watch, objectsBefore));
  watch.stop();
  stop.end();

  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(closingText(outcomes, seconds));
  const passed = outcomes.filter(({ name, failed }) => failed === 0 && name !== NOTHING_LEFT);
  const durations = Object.fromEntries(passed.map(({ name, seconds }) => [name, Math.round(seconds)]));
  await writeDurations(ownDurations, durations);
  if (options.record) await writeDurations(TYPICAL_DURATIONS, durations);
  return outcomes.every(({ failed }) => failed === 0) && stop.signal === undefined ? 0 : 1;
}

interface Lanes {
  readonly steps: readonly Step[];
  readonly lanes: number;
  readonly secondsOf: SecondsOf;
  readonly isStopped: () => boolean;
}

/** The outcomes of all steps, in the order of `steps`. */
async function runLanes(
  { steps, lanes, secondsOf, isStopped }: Lanes,
  start: (step: Step, live: boolean) => Promise<Outcome>,
): Promise<Outcome[]> {
  const running = new Map<string, Promise<void>>();
  const outcomes = new Map<string, Outcome>();
  // With one lane nothing mixes, and whoever watches sees each test.
  const live = lanes === 1 || steps.length === 1;
  for (;;) {
    const progress = { running: new Set(running.keys()), ended: new Set(outcomes.keys()) };
    const next = running.size < lanes && !isStopped() ? nextStep(steps, progress, secondsOf) : undefined;
    if (next === undefined) {
      if (running.size === 0) break;
      await Promise.race(running.values());
      continue;
    }
    const cause = next.needs?.find((need) => outcomes.get(need)?.failed !== 0);
    if (cause !== undefined) {
      const report = `was not run, because "${cause}" failed`;
      outcomes.set(next.name, { name: next.name, passed: 0, failed: 1, seconds: 0, report });
      continue;
    }
    const ended = start(next, live).then((outcome) => {
      outcomes.set(next.name, outcome);
      running.delete(next.name);
    });
    running.set(next.name, ended);
  }
  return steps.map(
    ({ name }) =>
      outcomes.get(name) ?? {
        name,
        passed: 0,
        failed: 1,
        seconds: 0,
        report: "was not run: the run was stopped",
      },
  );
}

interface StepPlace {
  readonly root: string;
  readonly watch: FamilyWatch;
  /** Prints as it comes; else when it is over, so that lanes do not mix. */
  readonly live: boolean;
}

async function runStep(step: Step, { root, watch, live }: StepPlace): Promise<Outcome> {
  const { name, env } = step;
  const [file, ...args] = step.command;
  const title = `\n=== ${name}: ${[file, ...args].join(" ")}\n`;
  process.stdout.write(live ? title : `... ${name}\n`);
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // Code of the workspace is imported from its sources, not from what was built of it.
      NODE_OPTIONS: "--conditions=source",
      // What was compiled once is kept: processes of ours that tests start by the hundred begin 0.3 s earlier.
      NODE_COMPILE_CACHE: join(root, "cache/node"),
      FORCE_COLOR: "0",
      NO_COLOR: "1",
      ...env,
      ...watch.markOf(name),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      if (live) process.stdout.write(text);
    });
  }
  const ok = await new Promise<boolean>((resolve) => {
    child.on("error", (error) => {
      output += `${file} did not start: ${error.message}\n`;
      resolve(false);
    });
    child.on("exit", (code) => void untilDrained(child).then(() => resolve(code === 0)));
  });
  const outcome = outcomeOf({ name, ok, output, seconds: (performance.now() - started) / 1000 });
  if (!live) process.stdout.write(`${title}${output}\n`);
  process.stdout.write(`${outcomeLine(outcome)}\n`);
  return outcome;
}

/** Not only "close": what a step left running holds its output open, and would hold up the run instead of failing it. */
async function untilDrained(child: ChildProcess): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    once(child, "close", { signal: over.signal }),
    sleep(DRAIN_MS, undefined, { signal: over.signal }),
  ]);
  over.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function usage({ command }: Run): string {
  return `Usage: ${command} [-- [--list] [--lanes N] [--record] [NAME...]]

Runs all steps, or those whose names are given or have these parts, with what they need.

  --list      only say which steps those are, and how long they take
  --lanes N   how many run side by side; with 1 each prints as it goes
  --record    keep how long they take in scripts/test/durations.json, for machines that have run none yet
  --help
`;
}
